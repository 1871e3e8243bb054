import type { ListenAddress } from './telemetry/http.ts';

// What a flag's value may be. Each answers the value as it is used, and throws the end of a sentence that begins with
// what was given.

/** Part of names in AWS, so it must fit all of them. */
export function clusterName(value: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(value)) return value;
  throw new Error('is no cluster name: use at most 32 lower-case letters, digits and -, as in prod-eu');
}

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** A DNS label, as the API server wants it. */
export function namespaceName(value: string): string {
  if (DNS_LABEL.test(value)) return value;
  throw new Error('is no namespace name: use at most 63 lower-case letters, digits and -');
}

/** Separated by commas. */
export function namespaceNames(value: string): readonly string[] {
  const names = value.split(',').map((one) => one.trim());
  if (names.every((name) => DNS_LABEL.test(name))) return names;
  throw new Error('is no list of namespaces: separate their names by commas');
}

/** A DNS subdomain, as most Kubernetes objects want it. */
export function objectName(value: string): string {
  if (value.length <= 253 && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(value)) return value;
  throw new Error('is no name of a Kubernetes object: use at most 253 lower-case letters, digits, - and .');
}

/** Within both bounds. */
export function wholeNumber(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new Error(`is not a whole number from ${min} to ${max}`);
  };
}

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** Milliseconds of a Go duration such as `1h30m` or `500ms`; NaN for anything else. */
function milliseconds(value: string): number {
  if (!/^(\d{1,9}(ms|h|m|s))+$/.test(value)) return Number.NaN;
  return [...value.matchAll(/(\d+)(ms|h|m|s)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNIT_MS[unit ?? ''] ?? Number.NaN),
    0,
  );
}

/** Milliseconds of a duration within both bounds. */
export function duration(min: string, max: string): (value: string) => number {
  return (value) => {
    const ms = milliseconds(value);
    if (Number.isNaN(ms)) throw new Error('is not a duration such as 30s, 10m or 1h30m');
    if (ms >= milliseconds(min) && ms <= milliseconds(max)) return ms;
    throw new Error(`is out of range: use a duration from ${min} to ${max}`);
  };
}

/** One of the words. */
export function oneOf<const T extends string>(...words: readonly T[]): (value: string) => T {
  return (value) => {
    const word = words.find((one) => one === value);
    if (word !== undefined) return word;
    throw new Error(`is not one of ${words.join(', ')}`);
  };
}

/** Numbers of these names, separated by commas, as in `a=0.5,b=3`; those that are not named are absent. */
export function amounts<const T extends string>(...names: readonly T[]): (value: string) => Partial<Record<T, number>> {
  return (value) => {
    const given: Partial<Record<T, number>> = {};
    for (const item of value.split(',')) {
      const [, word, amount] = /^\s*([A-Za-z]+)=(\d{1,6}(?:\.\d{1,6})?)\s*$/.exec(item) ?? [];
      const name = names.find((one) => one === word);
      if (name === undefined) throw new Error(`is no list such as ${names[0]}=0.5, of ${names.join(', ')}`);
      given[name] = Number(amount);
    }
    return given;
  };
}

/** Some of the words, separated by commas. */
export function someOf<const T extends string>(...words: readonly T[]): (value: string) => readonly T[] {
  return (value) =>
    value.split(',').map((item) => {
      const word = words.find((one) => one === item.trim());
      if (word !== undefined) return word;
      throw new Error(`is no list of ${words.join(', ')}, separated by commas`);
    });
}

/** `true` or `false`. */
export function yesOrNo(value: string): boolean {
  return oneOf('true', 'false')(value) === 'true';
}

/** `0` is Kubernetes' way to say: do not serve. */
export function address(value: string): ListenAddress | undefined {
  if (value === '0') return undefined;
  const [, ipv6, name, port = ''] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]*)):(\d{1,5})$/.exec(value) ?? [];
  const host = ipv6 ?? name;
  if (port === '' || Number(port) > 65_535) {
    throw new Error('is not an address such as :8080, 127.0.0.1:8080 or [::1]:8080 (0 serves nothing)');
  }
  return { ...(host && { host }), port: Number(port) };
}

/** As given. */
export function httpURL(value: string): string {
  const url = URL.parse(value);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return value;
  throw new Error('is not a URL such as http://127.0.0.1:4566');
}
