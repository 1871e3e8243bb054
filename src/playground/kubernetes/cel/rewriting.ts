import type { ASTNode } from '@marcbachmann/cel-js';
import { isDateTime } from '../schema/formats.ts';
import { compilePattern } from '../schema/patterns.ts';
import { isGoDuration } from './durations.ts';
import { replacedFunctions } from './functions.ts';

/** What the library's macros look like from inside: hooks that check and evaluate a call. */
interface Macro {
  args: readonly ASTNode[];
  typeCheck: (checker: Checker, macro: Macro, context: unknown) => unknown;
  evaluate: (evaluator: Evaluator, macro: Macro, context: unknown) => unknown;
}
interface Checker {
  check(node: ASTNode, context: unknown): unknown;
  getType(name: string): unknown;
}
interface Evaluator {
  run(node: ASTNode, context: unknown): unknown;
}

/**
 * Makes a parsed expression mean what Kubernetes means by it, before it is checked: functions are renamed to their
 * stand-ins, and `has(a.b[0].c)` checks that the field exists in the schema and takes any expression before the dot.
 */
export function rewrite(root: ASTNode): readonly BadLiteral[] {
  const seen = new Set<unknown>();
  const bad: BadLiteral[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) value.forEach(visit);
    else if (isNode(value)) visitNode(value);
    else Object.values(value).forEach(visit);
  };
  const visitNode = (node: RawNode): void => {
    const { args, meta } = node;
    if ((node.op === 'call' || node.op === 'rcall') && Array.isArray(args) && typeof args[0] === 'string') {
      if (meta.macro !== undefined && node.op === 'call' && args[0] === 'has') overrideHas(meta.macro);
      bad.push(...badLiterals(args[0], args.at(-1)));
      args[0] = replacedFunctions[args[0]] ?? args[0];
    }
    visit(args);
    visit(meta.alternate);
    visit(meta.macro);
  };
  visit(root);
  return bad;
}

/** A literal argument that no evaluation could use; cel-go refuses it at compile time. */
export interface BadLiteral {
  readonly function: string;
  /** Offset in the expression. */
  readonly start: number;
}

function badLiterals(name: string, args: unknown): readonly BadLiteral[] {
  const check = literalChecks[name];
  const last: unknown = Array.isArray(args) ? args.at(-1) : undefined;
  if (check === undefined || typeof last !== 'object' || last === null || !isNode(last)) return [];
  if (last.op !== 'value' || typeof last.args !== 'string' || check(last.args)) return [];
  return [{ function: name, start: last.start }];
}

const literalChecks: Readonly<Record<string, (text: string) => boolean>> = {
  matches: (text) => !(compilePattern(text) instanceof Error),
  duration: isGoDuration,
  timestamp: isDateTime,
};

interface RawNode {
  readonly start: number;
  readonly op: string;
  readonly args: unknown;
  readonly meta: { readonly alternate?: unknown; readonly macro?: Macro };
}

function isNode(value: object): value is RawNode {
  return 'op' in value && 'args' in value && 'meta' in value;
}

function overrideHas(macro: Macro): void {
  const { typeCheck } = macro;
  macro.typeCheck = (checker, own, context) => {
    const [select] = own.args;
    // The library's own check refuses what is no field selection; it cannot see past an index.
    if (select === undefined || select.op !== '.') return typeCheck(checker, own, context);
    checker.check(select, context);
    return checker.getType('bool');
  };
  macro.evaluate = (evaluator, own, context) => {
    const [select] = own.args;
    if (select === undefined || select.op !== '.') return false;
    const [base, name] = select.args;
    const object = evaluator.run(base, context);
    const member =
      typeof object === 'object' && object !== null ? Object.entries(object).find(([key]) => key === name) : undefined;
    return member !== undefined && member[1] !== undefined && member[1] !== null;
  };
}
