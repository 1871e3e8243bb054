/** Words of CEL's grammar, which no member access may be (k8s.io/apiserver pkg/cel/escaping.go). */
const reserved = new Set([
  'true',
  'false',
  'null',
  'in',
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
]);

const replacements: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};

/** How a member is written in a rule (`namespace` is `__namespace__`), or undefined where it cannot be. */
export function escapeMember(name: string): string | undefined {
  if (name === '' || /^\d/.test(name)) return undefined;
  if (reserved.has(name)) return `__${name}__`;
  const escaped = name.replace(/__|[.\-/]/g, (part) => replacements[part] ?? part);
  return /^\w+$/.test(escaped) ? escaped : undefined;
}
