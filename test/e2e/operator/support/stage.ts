import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import type { JsonObject } from '#src/domain/json.ts';
import type { Call } from '#src/playground/aws/calls.ts';
import { type Aws, createAws } from '#src/playground/aws/simulator.ts';
import { accessEntries, clusterName, ownAccountID, seedAws } from '#src/playground/seed.ts';
import { type ControlPlane, startControlPlane } from '#test/e2e/support/control-plane.ts';
import { kubectl } from '#test/e2e/support/kubectl.ts';
import { type AwsConsole, openAwsConsole } from './aws-reader.ts';
import { type OperatorProcess, startOperatorProcess } from './operator-process.ts';

/** The account of examples/compliance.yaml. */
export const clinicalAccountID = '444455556666';

/** The operator's ServiceAccount in manifests/. */
export const serviceAccount = { namespace: 'bedrock-monitor-system', name: 'bedrock-monitor' };

/** The flag's minimum. */
const resync = '10s';

/** A real control plane, an AWS that allows just the shipped policy, and the operator's processes between the two. */
export interface Stage {
  readonly plane: ControlPlane;
  readonly aws: Aws;
  /**
   * Runs kubectl as an administrator, with a line of arguments without spaces in them and then `more`; its standard
   * output. Throws with its standard error where it fails.
   */
  kubectl(line: string, ...more: readonly string[]): Promise<string>;
  monitors(): Promise<readonly BedrockMonitor[]>;
  /** `<reason>: <message>` of the Events of a namespace, as kubectl has them. */
  events(namespace: string): Promise<readonly string[]>;
  /** The shipped kustomization must have been applied: it makes the ServiceAccount. */
  startOperator(name: string): Promise<OperatorProcess>;
  /** Everyone who was started, whether running or not. */
  readonly operators: readonly OperatorProcess[];
  console(account: string, region: string): AwsConsole;
  /** Every AWS call of the operator's processes under their own identity, oldest first. */
  operatorCalls(): readonly Call[];
  stop(): Promise<void>;
}

/** The caller must stop it. */
export async function startStage(): Promise<Stage> {
  const plane = await startControlPlane();
  const aws = createAws();
  seedAws(aws);
  await restrict(aws);
  const listening = await aws.listen();
  const operators: OperatorProcess[] = [];
  const consoles = new Map<string, AwsConsole>();
  const admin: Stage['kubectl'] = async (line, ...more) => {
    const args = [...line.split(' '), ...more];
    const { code, stdout, stderr } = await kubectl(args, { kubeconfig: plane.adminKubeconfigPath });
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  };
  return {
    plane,
    aws,
    kubectl: admin,
    monitors: async () => {
      const list: { items: readonly BedrockMonitor[] } = JSON.parse(
        await admin('get bedrockmonitors --all-namespaces -o json'),
      );
      return list.items;
    },
    events: async (namespace) => {
      const list: { items: readonly { reason: string; message: string }[] } = JSON.parse(
        await admin(`get events -n ${namespace} -o json`),
      );
      return list.items.map(({ reason, message }) => `${reason}: ${message}`);
    },
    startOperator: async (name) => {
      const operator = await startOperatorProcess({
        name,
        kubeconfig: await plane.kubeconfigFor(serviceAccount),
        awsURL: listening.url,
        credentials: aws.account(ownAccountID).credentials(name),
        flags: {
          namespace: serviceAccount.namespace,
          'cluster-name': clusterName,
          resync,
          features: 'LoggingRole,LoggingBucket',
        },
        directory: dirname(plane.adminKubeconfigPath),
      });
      operators.push(operator);
      return operator;
    },
    operators,
    console: (account, region) => {
      const key = `${account}/${region}`;
      const known = consoles.get(key);
      if (known !== undefined) return known;
      const opened = openAwsConsole(listening.url, region, aws.account(account).credentials('console'));
      consoles.set(key, opened);
      return opened;
    },
    operatorCalls: () =>
      aws.calls.filter(({ caller }) => operators.some(({ name }) => caller.endsWith(`:user/${name}`))),
    stop: async () => {
      await Promise.all(operators.map((operator) => operator.stop(0)));
      for (const one of consoles.values()) one.close();
      await listening.close();
      await plane.stop();
    },
  };
}

/** Callers may do what the shipped policies allow, and as README says assume the roles of other accounts. */
async function restrict(aws: Aws): Promise<void> {
  const policyIn = async (file: string): Promise<JsonObject> =>
    JSON.parse(await readFile(join(import.meta.dirname, '../../../../manifests', file), 'utf8'));
  const shipped = [await policyIn('iam-policy.json'), await policyIn('iam-policy-create.json')];
  const assume = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Resource: accessEntries.flatMap(({ roleARNs }) => roleARNs),
      },
    ],
  };
  for (const account of aws.world.accounts.values()) account.policies = shipped;
  aws.account(ownAccountID).state.policies = [...shipped, assume];
}
