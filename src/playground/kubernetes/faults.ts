/** How a request goes wrong: with a status, or with the connection lost before or after it took effect. */
type Fault = number | 'ResetBefore' | 'ResetAfter';

/** Whether a request is meant. */
type RequestMatch = (method: string, path: string) => boolean;

export interface Faults {
  /** Makes the next `count` requests that match fail. */
  readonly failNext: (count: number, fault: Fault, matches?: RequestMatch) => void;
  /** The fault of this request, if it is to have one; counts it. */
  readonly take: (method: string, path: string) => Fault | undefined;
}

export function createFaults(): Faults {
  const plans: { left: number; readonly fault: Fault; readonly matches: RequestMatch }[] = [];
  return {
    failNext(count, fault, matches = () => true) {
      plans.push({ left: count, fault, matches });
    },
    take(method, path) {
      const plan = plans.find((one) => one.left > 0 && one.matches(method, path));
      if (plan === undefined) return undefined;
      plan.left -= 1;
      return plan.fault;
    },
  };
}
