import { Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { compilePattern } from '../schema/patterns.ts';
import { parseGoDuration } from './durations.ts';
import { celEqual } from './equality.ts';

/**
 * The library's functions that Kubernetes evaluates otherwise, and what stands in for them: expressions are rewritten
 * to the name on the right before they are checked. JavaScript's regular expressions are not RE2, and its durations
 * are laxer than Go's.
 */
export const replacedFunctions: Readonly<Record<string, string>> = {
  matches: 'matchesRE2',
  duration: 'goDuration',
  substring: 'substringOfRunes',
};

/** CEL as CRD rules have it: the standard library plus Kubernetes' strings, lists, regex and sets libraries. */
export function kubernetesEnvironment(): Environment {
  const environment = new Environment({ enableOptionalTypes: true });
  addRegex(environment);
  addStrings(environment);
  addLists(environment);
  addSets(environment);
  environment.registerFunction('goDuration(string): google.protobuf.Duration', parseGoDuration);
  return environment;
}

function regexOf(pattern: string): RE2JS {
  const compiled = compilePattern(pattern);
  if (compiled instanceof Error) throw compiled;
  return compiled;
}

function addRegex(environment: Environment): void {
  const matches = (text: string, pattern: string): boolean => regexOf(pattern).matcher(text).find();
  environment.registerFunction('string.matchesRE2(string): bool', matches);
  environment.registerFunction('matchesRE2(string, string): bool', matches);
  environment.registerFunction('string.find(string): string', (text: string, pattern: string) => {
    const matcher = regexOf(pattern).matcher(text);
    return matcher.find() ? (matcher.group() ?? '') : '';
  });
  const findAll = (text: string, pattern: string, limit = -1n): string[] => {
    const found: string[] = [];
    const matcher = regexOf(pattern).matcher(text);
    const most = limit < 0n ? Number.POSITIVE_INFINITY : Number(limit);
    while (found.length < most && matcher.find()) found.push(matcher.group() ?? '');
    return found;
  };
  environment.registerFunction('string.findAll(string): list<string>', findAll);
  environment.registerFunction('string.findAll(string, int): list<string>', findAll);
}

function addStrings(environment: Environment): void {
  const runes = (text: string, start: bigint, end?: bigint): string => {
    const all = Array.from(text);
    const last = end ?? BigInt(all.length);
    if (start < 0n || last < start || last > BigInt(all.length)) throw new Error(`index out of range: ${start}`);
    return all.slice(Number(start), Number(last)).join('');
  };
  environment.registerFunction('string.substringOfRunes(int): string', runes);
  environment.registerFunction('string.substringOfRunes(int, int): string', runes);
  environment.registerFunction('string.charAt(int): string', (text: string, index: bigint) => {
    const all = Array.from(text);
    if (index < 0n || index > BigInt(all.length)) throw new Error(`index out of range: ${index}`);
    return all[Number(index)] ?? '';
  });
  environment.registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) => {
    return text.replaceAll(from, () => to);
  });
  const replaceSome = (text: string, from: string, to: string, limit: bigint): string => {
    if (limit < 0n) return text.replaceAll(from, () => to);
    let left = limit;
    return text.replaceAll(from, (match) => (left-- > 0n ? to : match));
  };
  environment.registerFunction('string.replace(string, string, int): string', replaceSome);
  environment.registerFunction('string.reverse(): string', (text: string) => Array.from(text).reverse().join(''));
  environment.registerFunction('string.format(list<dyn>): string', format);
}

/** `%s`, `%d`, `%f`, `%x` and `%%` of CEL's strings library. */
function format(template: string, values: readonly unknown[]): string {
  let next = 0;
  return template.replace(/%(?:\.(\d+))?([sdfxX%])/g, (_match, digits: string | undefined, verb: string) => {
    if (verb === '%') return '%';
    if (next >= values.length) throw new Error(`index ${next} out of range`);
    const value = values[next++];
    switch (verb) {
      case 'f':
        return Number(value).toFixed(digits === undefined ? 6 : Number(digits));
      case 'x':
        return typeof value === 'bigint' ? value.toString(16) : Buffer.from(String(value)).toString('hex');
      default:
        return Array.isArray(value) ? `[${value.map(String).join(', ')}]` : String(value);
    }
  });
}

type Ordered = string | number | bigint | boolean;

function addLists(environment: Environment): void {
  const before = (left: Ordered, right: Ordered): boolean => left < right;
  const extreme = (
    list: readonly Ordered[],
    wins: (left: Ordered, right: Ordered) => boolean,
    name: string,
  ): Ordered => {
    const [first, ...rest] = list;
    if (first === undefined) throw new Error(`${name} called on empty list`);
    return rest.reduce((best, item) => (wins(item, best) ? item : best), first);
  };
  for (const type of ['int', 'double', 'string']) {
    const list = `list<${type}>`;
    environment.registerFunction(`${list}.isSorted(): bool`, (items: readonly Ordered[]) => {
      return items.every((item, index) => index === 0 || !before(item, items[index - 1] ?? item));
    });
    environment.registerFunction(`${list}.min(): ${type}`, (items: readonly Ordered[]) =>
      extreme(items, before, 'min'),
    );
    environment.registerFunction(`${list}.max(): ${type}`, (items: readonly Ordered[]) => {
      return extreme(items, (left, right) => before(right, left), 'max');
    });
  }
  environment.registerFunction('list<int>.sum(): int', (items: readonly bigint[]) => {
    return items.reduce((sum, item) => sum + item, 0n);
  });
  environment.registerFunction('list<double>.sum(): double', (items: readonly number[]) => {
    return items.reduce((sum, item) => sum + item, 0);
  });
  environment.registerFunction('list.indexOf(dyn): int', (items: readonly unknown[], wanted: unknown) => {
    return BigInt(items.findIndex((item) => celEqual(item, wanted)));
  });
  environment.registerFunction('list.lastIndexOf(dyn): int', (items: readonly unknown[], wanted: unknown) => {
    return BigInt(items.findLastIndex((item) => celEqual(item, wanted)));
  });
}

class SetsNamespace {
  readonly name = 'sets';
}

/** `sets.contains(a, b)` and its like: a namespace of functions, which the library has only as methods of a constant. */
function addSets(environment: Environment): void {
  const contains = (left: readonly unknown[], right: readonly unknown[]): boolean =>
    right.every((wanted) => left.some((item) => celEqual(item, wanted)));
  environment.registerType('SetsNamespace', SetsNamespace);
  environment.registerConstant('sets', 'SetsNamespace', new SetsNamespace());
  const add = (name: string, handler: (left: readonly unknown[], right: readonly unknown[]) => boolean): void => {
    environment.registerFunction(
      `SetsNamespace.${name}(list, list): bool`,
      (_sets: unknown, left: readonly unknown[], right: readonly unknown[]) => handler(left, right),
    );
  };
  add('contains', contains);
  add('equivalent', (left, right) => contains(left, right) && contains(right, left));
  add('intersects', (left, right) => left.some((item) => right.some((other) => celEqual(item, other))));
}
