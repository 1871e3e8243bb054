import type { BedrockMonitor } from '#src/api/v1alpha1.ts';

/** The Ready condition that an example says its monitor reaches. */
export interface Expectation {
  readonly status: string;
  /** Absent: any. */
  readonly reason?: string;
}

/** What an example file says without saying it. */
const ordinary: Expectation = { status: 'True' };

/**
 * Reads what an example's comments expect: `# expect: Ready=True InSync` for all of its monitors, or one
 * `# expect: genai/production Ready=False Conflict` for each. Throws a sentence where a line is neither, or names a
 * monitor that the file does not hold. A monitor without a line is expected to be Ready.
 *
 * @param monitors `<namespace>/<name>` of those in the file
 */
export function parseExpectations(text: string, monitors: readonly string[]): ReadonlyMap<string, Expectation> {
  const found = new Map<string, Expectation>(monitors.map((monitor) => [monitor, ordinary]));
  for (const line of text.split('\n').filter((line) => /^#\s*expect\b/.test(line))) {
    const match =
      /^#\s*expect:\s+(?:(?<monitor>\S+\/\S+)\s+)?Ready=(?<status>True|False|Unknown)(?:\s+(?<reason>[A-Za-z]+))?\s*$/;
    const { monitor, status, reason } = match.exec(line)?.groups ?? {};
    if (status === undefined) {
      throw new Error(
        `"${line}" is not like "# expect: Ready=True InSync" or "# expect: genai/a Ready=False Conflict"`,
      );
    }
    if (monitor !== undefined && !found.has(monitor)) {
      throw new Error(`"${line}" names a monitor that is not in the file; there are: ${monitors.join(', ') || 'none'}`);
    }
    const expectation = { status, ...(reason !== undefined && { reason }) };
    for (const one of monitor === undefined ? monitors : [monitor]) found.set(one, expectation);
  }
  return found;
}

/** A monitor's Ready condition as far as it tells of the spec as it is now; an older one says nothing. */
export interface Readiness {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

export function readinessOf(monitor: BedrockMonitor | undefined): Readiness {
  const ready = monitor?.status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready === undefined || ready.observedGeneration !== monitor?.metadata.generation) {
    return { status: 'Unknown', reason: '', message: '' };
  }
  const { status, reason, message } = ready;
  return { status, reason, message };
}

export function meets({ status, reason }: Readiness, expectation: Expectation): boolean {
  return status === expectation.status && (expectation.reason === undefined || reason === expectation.reason);
}

/** As an example writes it. */
export function sayReadiness({ status, reason }: Expectation): string {
  return `Ready=${status}${reason ? ` ${reason}` : ''}`;
}
