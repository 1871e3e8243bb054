/** An expression of a query. `from` and `to` are offsets into it. */
export type Expression =
  | { readonly kind: 'Literal'; readonly value: string | number }
  | { readonly kind: 'Field'; readonly name: string }
  /** `*` in `count(*)`. */
  | { readonly kind: 'All' }
  | { readonly kind: 'Period'; readonly amount: number; readonly unit: string }
  | { readonly kind: 'Call'; readonly name: string; readonly inputs: readonly Expression[] }
  /** `map.key` or `list[index]` of what `jsonParse` made. */
  | { readonly kind: 'Member'; readonly of: Expression; readonly key: string | number }
  | { readonly kind: 'Not'; readonly of: Expression }
  | {
      readonly kind: 'Binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'Like'; readonly of: Expression; readonly pattern: string | RegExp }
  | { readonly kind: 'In'; readonly of: Expression; readonly options: readonly Expression[] };

export type BinaryOperator = 'and' | 'or' | '=' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%' | '^';

/** An expression and the name of its column: the alias, else its text. */
export interface Column {
  readonly name: string;
  readonly expression: Expression;
}

/** Takes fields out of a text; undefined where it does not match. */
export type Extraction = (text: string) => ReadonlyMap<string, string> | undefined;

export type Command =
  | { readonly kind: 'Fields' | 'Display'; readonly columns: readonly Column[] }
  | { readonly kind: 'Filter'; readonly condition: Expression }
  | {
      readonly kind: 'Parse';
      readonly source: Expression;
      readonly extract: Extraction;
      readonly names: readonly string[];
    }
  | { readonly kind: 'Stats'; readonly columns: readonly Column[]; readonly by: readonly Column[] }
  | { readonly kind: 'Sort'; readonly keys: readonly { readonly name: string; readonly descending: boolean }[] }
  | { readonly kind: 'Limit'; readonly count: number }
  | { readonly kind: 'Dedup'; readonly names: readonly string[] }
  | { readonly kind: 'Pattern'; readonly source: Expression };

/** A compiled query of the Logs Insights language. */
export interface Query {
  readonly commands: readonly Command[];
  /** Whether `unmask` is called: that takes a permission, and a log group of class Standard. */
  readonly unmasks: boolean;
}
