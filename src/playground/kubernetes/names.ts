import type { FieldError } from './field-error.ts';
import { invalid } from './field-error.ts';

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const qualifiedPart = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelValuePart = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?';

function regexError(what: string, format: string, ...examples: readonly string[]): string {
  const list = examples.map((example) => `'${example}'`).join(',  or ');
  return `${what} (e.g. ${list}, regex used for validation is '${format}')`;
}

const tooLongText = (limit: number): string => `must be no more than ${limit} bytes`;

/** Why a name is no RFC 1123 subdomain; empty if it is one. */
export function subdomainProblems(name: string): string[] {
  const problems = name.length > 253 ? [tooLongText(253)] : [];
  if (new RegExp(`^${subdomain}$`).test(name)) return problems;
  const what =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
  return [...problems, regexError(what, subdomain, 'example.com')];
}

/** Why a name is no RFC 1123 label; empty if it is one. */
export function labelProblems(name: string): string[] {
  const problems = name.length > 63 ? [tooLongText(63)] : [];
  if (new RegExp(`^${label}$`).test(name)) return problems;
  const what =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
  return [...problems, regexError(what, label, 'my-name', '123-abc')];
}

/** Why a text is no label key, annotation key or finalizer (`prefix/name` or `name`). */
export function qualifiedNameProblems(text: string): string[] {
  const parts = text.split('/');
  const format = `a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character`;
  const what = format.replace('a valid label key', 'name part');
  if (parts.length > 2) {
    return [
      `a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualifiedPart}') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const [name = '', prefix] = parts.toReversed();
  const problems =
    prefix === undefined
      ? []
      : prefix === ''
        ? ['prefix part must be non-empty']
        : subdomainProblems(prefix).map((one) => `prefix part ${one}`);
  if (name === '') problems.push('name part must be non-empty');
  else if (name.length > 63) problems.push(`name part ${tooLongText(63)}`);
  if (!new RegExp(`^${qualifiedPart}$`).test(name)) {
    problems.push(regexError(what, qualifiedPart, 'MyName', 'my.name', '123-abc'));
  }
  return problems;
}

function labelValueProblems(value: string): string[] {
  const problems = value.length > 63 ? [tooLongText(63)] : [];
  if (new RegExp(`^${labelValuePart}$`).test(value)) return problems;
  const what =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  return [...problems, regexError(what, labelValuePart, 'MyValue', 'my_value', '12345')];
}

/** Errors of metadata.labels. */
export function labelErrors(labels: Readonly<Record<string, string>>, field: string): FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...qualifiedNameProblems(key).map((problem) => invalid(field, key, problem)),
    ...labelValueProblems(value).map((problem) => invalid(field, value, problem)),
  ]);
}
