import { type Static, type TArray, type TObject, type TProperties, type TSchema, type TUnsafe, Type } from 'typebox';

/**
 * The vocabulary of the schema: JSON Schema as Kubernetes takes it in a CRD (a structural schema), with types inferred
 * from it. No `additionalProperties: false` (the API server prunes or refuses unknown fields itself), no default, and a
 * union is an object with optional members and a rule.
 */

/**
 * One sentence that holds for a value, as CEL over `self`. `messageExpression` is for a sentence that names the entry,
 * and `message` is then what an API server falls back to. `fieldPath` is the member to blame, relative to the value.
 */
export interface Rule {
  readonly rule: string;
  readonly message: string;
  readonly messageExpression?: string;
  readonly fieldPath?: string;
}

/** For a text: it matches the whole of `pattern` (RE2, without quotes and backslashes), or the answer is `message`. */
export function form(pattern: string, message: string): Rule {
  return { rule: `self.matches('${pattern}')`, message };
}

/** The value as TypeScript sees it: nothing in an object that was read is ever changed in place. */
export type Value<S extends TSchema> = DeepReadonly<Static<S>>;

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

interface TextBounds {
  readonly minLength?: number;
  readonly maxLength: number;
  readonly pattern?: string;
  readonly format?: 'date-time';
}

interface ListBounds {
  readonly minItems?: number;
  readonly maxItems: number;
}

export function text(description: string, bounds: TextBounds, rules: readonly Rule[] = []) {
  return Type.String({ description, ...bounds, ...validations(rules) });
}

export function choice<const Values extends readonly string[]>(
  description: string,
  values: Values,
): TUnsafe<Values[number]> {
  return Type.Unsafe<Values[number]>({ type: 'string', description, enum: [...values] });
}

export function flag(description: string) {
  return Type.Boolean({ description });
}

export function integer(description: string, minimum: number, maximum: number) {
  return Type.Integer({ description, minimum, maximum, format: 'int64' });
}

/**
 * A double, as CloudWatch has thresholds. Bounds are whole numbers: an API server compares a value without decimals with
 * the whole part of a bound, so 0 would pass a minimum of 0.1; a finer bound is a rule.
 */
export function decimal(
  description: string,
  bounds: { readonly minimum?: number; readonly maximum?: number } = {},
  rules: readonly Rule[] = [],
) {
  return Type.Number({ description, ...bounds, ...validations(rules) });
}

export function object<Members extends TProperties>(
  description: string,
  members: Members,
  rules: readonly Rule[] = [],
): TObject<Members> {
  return Type.Object(members, { description, ...validations(rules) });
}

/** Entries under a key: server-side apply merges them one by one. */
export function listByKey<Item extends TSchema>(
  description: string,
  key: string,
  item: Item,
  bounds: ListBounds,
  rules: readonly Rule[] = [],
): TArray<Item> {
  return Type.Array(item, {
    description,
    ...bounds,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': [key],
    ...validations(rules),
  });
}

/** Values without order or repetition. */
export function setOf<Item extends TSchema>(
  description: string,
  item: Item,
  bounds: ListBounds,
  rules: readonly Rule[] = [],
): TArray<Item> {
  return Type.Array(item, { description, ...bounds, 'x-kubernetes-list-type': 'set', ...validations(rules) });
}

/** JSON of any shape. */
type OpenValue = null | boolean | number | string | readonly OpenValue[] | OpenObject;
export interface OpenObject {
  readonly [member: string]: OpenValue;
}

/** An object whose members are somebody else's to define; the API server keeps them as they are written. */
export function openObject(description: string): TUnsafe<OpenObject> {
  return Type.Unsafe<OpenObject>({ type: 'object', description, 'x-kubernetes-preserve-unknown-fields': true });
}

/** A list that one writer replaces as a whole. */
export function atomicList<Item extends TSchema>(description: string, item: Item, bounds: ListBounds): TArray<Item> {
  return Type.Array(item, { description, ...bounds, 'x-kubernetes-list-type': 'atomic' });
}

/** Free keys, as in tags. JSON Schema bounds the values; a key can only be bounded by a rule. */
export function mapOf(
  description: string,
  value: TSchema,
  maxProperties: number,
  rules: readonly Rule[] = [],
): TUnsafe<Record<string, string>> {
  return Type.Unsafe<Record<string, string>>({
    type: 'object',
    description,
    additionalProperties: value,
    maxProperties,
    ...validations(rules),
  });
}

function validations(rules: readonly Rule[]): { readonly 'x-kubernetes-validations'?: readonly Rule[] } {
  return rules.length === 0 ? {} : { 'x-kubernetes-validations': rules };
}
