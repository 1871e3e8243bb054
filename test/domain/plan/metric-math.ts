/** One point per metric and time; undefined is a missing data point. */
export type Point = number | undefined;
export type Points = Readonly<Record<string, Point>>;

/**
 * Evaluates one point of the metric math that alarms use: + - * /, comparisons (1 or 0), IF and FILL with a number.
 * As in CloudWatch, arithmetic over a missing point is missing, and so is a division by zero.
 */
export function evaluate(expression: string, points: Points): Point {
  const tokens = expression.match(/\d+(\.\d+)?|[a-z][A-Za-z0-9_]*|[A-Z]+|[<>]=?|==|[-+*/(),]/g) ?? [];
  let at = 0;
  const peek = (): string | undefined => tokens[at];
  const take = (expected?: string): string => {
    const token = tokens[at];
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`${expression}: expected ${expected ?? 'more'} at token ${at}, found ${token ?? 'the end'}`);
    }
    at += 1;
    return token;
  };

  const call = (name: string): Point => {
    take('(');
    const values = [compare()];
    while (peek() === ',') {
      take(',');
      values.push(compare());
    }
    take(')');
    const [first, second, third] = values;
    if (name === 'FILL' && values.length === 2) return first ?? second;
    if (name === 'IF' && values.length === 3) return first === undefined ? undefined : first === 0 ? third : second;
    throw new Error(`${name} with ${values.length} arguments is not metric math of an alarm`);
  };

  const factor = (): Point => {
    const token = take();
    if (token === '(') {
      const inner = compare();
      take(')');
      return inner;
    }
    if (/^\d/.test(token)) return Number(token);
    if (/^[A-Z]/.test(token)) return call(token);
    if (!(token in points)) throw new Error(`${expression}: no metric or expression has the id ${token}`);
    return points[token];
  };

  const binary =
    (operand: () => Point, operators: Readonly<Record<string, (a: number, b: number) => Point>>) => (): Point => {
      let left = operand();
      for (;;) {
        const apply = operators[peek() ?? ''];
        if (apply === undefined) return left;
        take();
        const right = operand();
        left = left === undefined || right === undefined ? undefined : apply(left, right);
      }
    };

  const product = binary(factor, { '*': (a, b) => a * b, '/': (a, b) => (b === 0 ? undefined : a / b) });
  const sum = binary(product, { '+': (a, b) => a + b, '-': (a, b) => a - b });
  const compare: () => Point = binary(sum, {
    '<': (a, b) => Number(a < b),
    '>': (a, b) => Number(a > b),
    '<=': (a, b) => Number(a <= b),
    '>=': (a, b) => Number(a >= b),
    '==': (a, b) => Number(a === b),
  });

  const value = compare();
  if (at < tokens.length) throw new Error(`${expression}: ${peek() ?? ''} was not expected`);
  return value;
}
