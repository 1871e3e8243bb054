/** A state that a rule asks for. */
export type RuleState = 'ALARM' | 'OK' | 'INSUFFICIENT_DATA';

/** An alarm as a rule names it: by ARN, by its name in AWS (`quoted`), or, bare, by whatever the reader takes it for. */
export interface AlarmReference {
  readonly text: string;
  readonly quoted: boolean;
}

/** The rule of a composite alarm. `and` over nothing holds, `or` over nothing does not. */
export type AlarmRule =
  | { readonly is: 'state'; readonly state: RuleState; readonly alarm: AlarmReference }
  | {
      readonly is: 'atLeast';
      readonly count: number;
      /** `count` is a percentage of the alarms. */
      readonly percent: boolean;
      /** Alarms that are not in the state are counted. */
      readonly not: boolean;
      readonly state: RuleState;
      readonly alarms: readonly AlarmReference[];
    }
  | { readonly is: 'not'; readonly rule: AlarmRule }
  | { readonly is: 'and' | 'or'; readonly rules: readonly AlarmRule[] };

/** What always holds, and what never does. */
export const TRUE: AlarmRule = { is: 'and', rules: [] };
export const FALSE: AlarmRule = { is: 'or', rules: [] };

/** One way to write a rule, whatever the blanks, quotes and needless parentheses that it was read with. */
export function printAlarmRule(rule: AlarmRule): string {
  switch (rule.is) {
    case 'state':
      return `${rule.state}(${quoted(rule.alarm)})`;
    case 'atLeast':
      return `AT_LEAST(${rule.count}${rule.percent ? '%' : ''}, ${rule.not ? 'NOT ' : ''}${rule.state}, (${rule.alarms.map(quoted).join(', ')}))`;
    case 'not':
      return `NOT ${grouped(rule.rule, ['and', 'or'])}`;
    case 'and':
      return rule.rules.length === 0 ? 'TRUE' : rule.rules.map((one) => grouped(one, ['or'])).join(' AND ');
    case 'or':
      // AWS's pages do not say which of AND and OR binds closer.
      return rule.rules.length === 0 ? 'FALSE' : rule.rules.map((one) => grouped(one, ['and'])).join(' OR ');
  }
}

/** The rules joined, without the nesting of like in like; one alone is itself. */
export function joined(is: 'and' | 'or', rules: readonly AlarmRule[]): AlarmRule {
  const flat = rules.flatMap((rule) => (rule.is === is ? rule.rules : [rule]));
  const [first] = flat;
  return first !== undefined && flat.length === 1 ? first : { is, rules: flat };
}

/** All that a rule names, in order, as often as it does. */
export function alarmsOf(rule: AlarmRule): readonly AlarmReference[] {
  switch (rule.is) {
    case 'state':
      return [rule.alarm];
    case 'atLeast':
      return rule.alarms;
    case 'not':
      return alarmsOf(rule.rule);
    default:
      return rule.rules.flatMap(alarmsOf);
  }
}

/** What AWS counts against its 500 elements: alarms, TRUE, FALSE and parentheses. */
export function elementsOf(rule: AlarmRule): number {
  const parentheses = printAlarmRule(rule)
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '')
    .replaceAll(/[^()]/g, '').length;
  return alarmsOf(rule).length + constantsOf(rule) + parentheses;
}

function constantsOf(rule: AlarmRule): number {
  if (rule.is === 'not') return constantsOf(rule.rule);
  if (rule.is === 'state' || rule.is === 'atLeast') return 0;
  return rule.rules.length === 0 ? 1 : rule.rules.reduce((sum, one) => sum + constantsOf(one), 0);
}

function quoted({ text }: AlarmReference): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** In parentheses if it is a join of one of these kinds. */
function grouped(rule: AlarmRule, kinds: readonly AlarmRule['is'][]): string {
  const text = printAlarmRule(rule);
  const isJoin = (rule.is === 'and' || rule.is === 'or') && rule.rules.length > 0;
  return isJoin && kinds.includes(rule.is) ? `(${text})` : text;
}
