import { RE2JS } from 're2js';

const compiled = new Map<string, RE2JS | Error>();

/** A pattern in RE2's grammar (the API server's), compiled once. The error says why it is none. */
export function compilePattern(pattern: string): RE2JS | Error {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const made = compile(pattern);
  compiled.set(pattern, made);
  return made;
}

function compile(pattern: string): RE2JS | Error {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Whether any part of the text matches; a pattern that does not compile matches nothing. */
export function matchesPattern(text: string, pattern: string): boolean {
  const regex = compilePattern(pattern);
  return !(regex instanceof Error) && regex.matcher(text).find();
}
