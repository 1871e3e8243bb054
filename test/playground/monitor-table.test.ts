import { expect, test } from 'vitest';
import { renderTable } from '#src/playground/monitor-table.ts';

const column = (name: string, priority = 0) => ({ name, priority });
const row = (namespace: string, ...cells: readonly (string | number | null)[]) => ({
  cells,
  object: { metadata: { namespace } },
});

test('a Table looks as kubectl get -A prints it', () => {
  const table = {
    columnDefinitions: [column('Name'), column('Ready'), column('Logging'), column('Region', 1), column('Age')],
    rows: [
      row('genai', 'production', 'True', 'Enabled', 'us-east-1', '8s'),
      row('team-search', 'a', 'False', null, 'us-east-1', '3m'),
    ],
  };
  expect(renderTable(table)).toEqual([
    'NAMESPACE     NAME         READY   LOGGING   AGE',
    'genai         production   True    Enabled   8s',
    'team-search   a            False             3m',
  ]);
});

test('a cell ends at its first line break, and a number is a cell too', () => {
  const table = { columnDefinitions: [column('Message'), column('Count')], rows: [row('a', 'one\ntwo', 3)] };
  expect(renderTable(table)).toEqual(['NAMESPACE   MESSAGE   COUNT', 'a           one...    3']);
});
