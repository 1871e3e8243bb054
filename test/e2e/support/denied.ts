import type { Aws } from '#src/playground/aws/simulator.ts';

interface Denial {
  readonly caller: string;
  readonly operation: string;
  readonly message: string;
}

/**
 * The calls that IAM refused, oldest first; but those about a role that is gone. IAM shows it for a moment more, and judges
 * what is asked of it then by an ARN without its path, which no policy for a path allows.
 */
export function deniedOn({ calls, world }: Aws): readonly Denial[] {
  const roles = [...world.accounts.values()].flatMap((account) => [...account.roles.values()].map(({ name }) => name));
  const ofGoneRole = ({ operation, message }: Denial): boolean => {
    const name = /:role\/([^/ ]+) because /.exec(message)?.[1];
    return operation === 'GetRolePolicy' && name !== undefined && !roles.includes(name);
  };
  return calls
    .flatMap(({ caller, operation, outcome }): readonly Denial[] =>
      outcome?.kind === 'Refused' && outcome.code.startsWith('AccessDenied')
        ? [{ caller, operation, message: outcome.message }]
        : [],
    )
    .filter((one) => !ofGoneRole(one));
}
