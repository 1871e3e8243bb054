import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { kind } from '#src/api/v1alpha1.ts';

/** A Kubernetes object as its manifest has it. */
interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: Readonly<Record<string, unknown>>;
}

export interface Example {
  /** `basic.yaml` */
  readonly file: string;
  readonly text: string;
  readonly documents: readonly Manifest[];
  /** The BedrockMonitors among them. */
  readonly monitors: readonly Manifest[];
}

const folder = new URL('../../examples/', import.meta.url);

/** What examples/ holds, by file. */
export const examples: readonly Example[] = readdirSync(folder).map((file) => {
  const text = readFileSync(new URL(file, folder), 'utf8');
  const documents: Manifest[] = parseAllDocuments(text).map((document) => document.toJS());
  return { file, text, documents, monitors: documents.filter((document) => document.kind === kind) };
});
