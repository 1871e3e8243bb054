import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { customResourceDefinition } from '#src/api/crd.ts';

test('crds/bedrockmonitors.yaml is the definition', async () => {
  const file = `# Written from src/api by test/api/crd.test.ts: npx vitest run test/api -u\n${stringify(
    JSON.parse(JSON.stringify(customResourceDefinition)),
    { lineWidth: 120, aliasDuplicateObjects: false },
  )}`;
  await expect(file).toMatchFileSnapshot('../../crds/bedrockmonitors.yaml');
});
