import { expect, test } from 'vitest';
import { createAws } from '#src/playground/aws/simulator.ts';
import { describeHoldings } from '#src/playground/holdings.ts';
import { playInvocations } from '#src/playground/traffic.ts';

test('what AWS holds is told by account and Region, with what is masked masked', () => {
  const aws = createAws();
  const account = aws.account('111122223333');
  const region = account.region('us-east-1');
  const names = [{ Name: 'a', Regex: 'MRN-[0-9]{8}' }];
  const document = JSON.stringify({
    Name: 'ours',
    Configuration: { CustomDataIdentifier: names },
    Statement: [
      { DataIdentifier: ['a'], Operation: { Audit: {} } },
      { DataIdentifier: ['a'], Operation: { Deidentify: {} } },
    ],
  });
  account.logGroup('us-east-1', {
    name: '/aws/bedrock',
    retentionInDays: 1,
    dataProtection: { document, lastUpdatedTime: 0 },
  });
  account.bucket('us-east-1', 'records');
  const role = account.loggingRole({ name: 'Logs', region: 'us-east-1', logGroup: '/aws/bedrock' });
  region.invocationLogging.configuration = {
    cloudWatchConfig: { logGroupName: '/aws/bedrock', roleArn: role.arn },
    s3Config: { bucketName: 'records' },
    textDataDeliveryEnabled: true,
    imageDataDeliveryEnabled: false,
  };
  account.logGroup('eu-west-1', { name: '/other', kmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/1' });
  aws.account('444455556666').topic('us-east-1', 'nothing-to-see');
  playInvocations(aws);

  expect(describeHoldings(aws.world)).toEqual([
    '',
    'AWS account 111122223333',
    '  eu-west-1',
    '    logging     off',
    '    log group   /other: kept for ever, own key, nothing masked',
    '  us-east-1',
    '    logging     text, to log group /aws/bedrock and bucket records',
    '    log group   /aws/bedrock: kept 1 day, 1 identifier masked',
    '                latest record: "Write to jane.doe@example.com that 192.168.0.1 (patient ************) is up again."',
    '  all Regions',
    '    bucket      records: 5 objects',
  ]);
});
