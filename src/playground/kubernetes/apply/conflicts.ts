import { compare } from '../json-value.ts';
import type { StatusError } from '../status-error.ts';
import { applyConflict } from '../status-error.ts';
import type { FieldPath, FieldSet } from './field-set.ts';
import { pathText } from './field-set.ts';
import type { Manager } from './managers.ts';

export interface Conflict {
  readonly manager: Manager;
  readonly fields: FieldSet;
}

/** The 409 that names every field and who owns it. */
export function conflictError(conflicts: readonly Conflict[]): StatusError {
  const single = conflicts.flatMap(({ manager, fields }) =>
    fields
      .paths()
      .toSorted(leavesFirst)
      .map((path) => ({ manager: managerText(manager), path: pathText(path) })),
  );
  single.sort((a, b) => compare(a.manager, b.manager));
  const causes = single.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${manager}`,
    field: path,
  }));
  const [first] = single;
  if (single.length === 1 && first !== undefined) {
    return applyConflict(`Apply failed with 1 conflict: conflict with ${first.manager}: ${first.path}`, causes);
  }
  const lines = [...new Set(single.map(({ manager }) => manager))].flatMap((manager) => [
    `conflicts with ${manager}:`,
    ...single.filter((one) => one.manager === manager).map((one) => `- ${one.path}`),
  ]);
  return applyConflict(`Apply failed with ${single.length} conflicts: ${lines.join('\n')}`, causes);
}

/** At every level what ends there comes before what goes deeper, as a set of paths is walked. */
function leavesFirst(left: FieldPath, right: FieldPath): number {
  for (const [index, element] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (element === other) continue;
    const ends = Number(right.length === index + 1) - Number(left.length === index + 1);
    return ends === 0 ? compare(element, other) : ends;
  }
  return left.length - right.length;
}

function managerText({ name, operation, apiVersion, subresource }: Manager): string {
  const quoted = `${JSON.stringify(name)}${subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`}`;
  return operation === 'Update' ? `${quoted} using ${apiVersion}` : quoted;
}
