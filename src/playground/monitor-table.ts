import { columns } from '#src/cli/columns.ts';
import type { Json } from '#src/domain/json.ts';

/** meta.k8s.io/v1 Table, as far as it is shown. */
export interface Table {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
  readonly rows: readonly {
    readonly cells: readonly Json[];
    readonly object: { readonly metadata: { readonly namespace?: string } };
  }[];
}

/** What `kubectl get bedrockmonitors -A` asks the API server for. */
export async function fetchTable(server: string, signal: AbortSignal): Promise<Table> {
  const response = await fetch(`${server}/apis/bedrockmonitor.io/v1alpha1/bedrockmonitors`, {
    headers: { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' },
    signal,
  });
  if (!response.ok)
    throw new Error(`the embedded Kubernetes API answered ${response.status}: ${await response.text()}`);
  // The server is ours, and was asked for a Table.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (await response.json()) as Table;
}

/** The lines that `kubectl get -A` prints of a Table: three blanks between columns, those of priority 0. */
export function renderTable({ columnDefinitions, rows }: Table): readonly string[] {
  const shown = columnDefinitions
    .map(({ priority }, index) => ({ priority, index }))
    .filter((one) => one.priority === 0);
  const names = columnDefinitions.map(({ name }) => name.toUpperCase());
  const lines = [
    ['NAMESPACE', ...shown.map(({ index }) => names[index] ?? '')],
    ...rows.map(({ cells, object }) => [
      object.metadata.namespace ?? '',
      ...shown.map(({ index }) => cell(cells[index] ?? null)),
    ]),
  ];
  return columns(lines);
}

/** kubectl cuts a cell at its first line break. */
function cell(value: Json): string {
  if (value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const [first = '', ...rest] = text.split(/[\n\r\f]/);
  return rest.length === 0 ? first : `${first}...`;
}
