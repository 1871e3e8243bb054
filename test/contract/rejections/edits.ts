import { bare, type Rejection, roleARN } from './row.ts';

const bound =
  'this monitor already owns resources in another account (status.accountID); create a new BedrockMonitor for the other account';
const status = { accountID: '111122223333' };

export const editRejections: readonly Rejection[] = [
  {
    what: 'another Region',
    from: bare(),
    spec: bare({ region: 'us-west-2' }),
    field: 'spec.region',
    says: 'region cannot change: a monitor is one Region of one account; create another BedrockMonitor for the other Region',
  },
  {
    what: 'another accountID of a monitor that is bound',
    from: bare({ accountID: '111122223333' }),
    status,
    spec: bare({ accountID: '444455556666' }),
    field: 'spec',
    says: bound,
  },
  {
    what: 'a role of another account for a monitor that is bound',
    from: bare(),
    status,
    spec: bare({ assumeRole: { roleARN: roleARN.replace('111122223333', '444455556666') } }),
    field: 'spec',
    says: bound,
  },
];
