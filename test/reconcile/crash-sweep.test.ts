import { describe } from 'vitest';
import type { Scenario } from '#test/support/crash-sweep.ts';
import { moved, quiet, sweep } from '#test/support/crash-sweep.ts';
import { basicSpec, edited, renamed } from '#test/support/specs.ts';

const scenarios: readonly Scenario[] = [
  { name: 'create', before: () => undefined, after: basicSpec },
  { name: 'edit', before: basicSpec, after: (role) => edited(basicSpec(role)) },
  { name: 'rename of every entry', before: basicSpec, after: (role) => renamed(basicSpec(role)) },
  { name: 'move to another log group', before: basicSpec, after: (role) => moved(basicSpec(role), role) },
  {
    name: 'an edit that is taken back',
    before: basicSpec,
    after: (role) => renamed(basicSpec(role)),
    finally: basicSpec,
  },
  { name: 'delete', before: basicSpec, after: () => undefined },
  { name: 'letting go where the spec stops asking', before: basicSpec, after: (role) => quiet(basicSpec(role)) },
  {
    name: 'handing over where the spec stops asking',
    before: basicSpec,
    after: (role) => quiet(basicSpec(role)),
    waiting: 'waits',
  },
  { name: 'handing over at the deletion', before: basicSpec, after: () => undefined, waiting: 'waits' },
  { name: 'taking over what is handed over', before: basicSpec, after: () => undefined, waiting: 'takes' },
];

describe('a crash at any external call', () => {
  sweep(scenarios);
});
