import { controlPlaneBinaries } from './support/control-plane-binaries.ts';
import { clusterTools } from './support/kubectl.ts';

/** Finds or builds what the tests run against before the first of them starts, and says what that is. */
export async function setup(): Promise<void> {
  const binaries = await controlPlaneBinaries();
  const tools = await clusterTools();
  console.log(`Control plane: ${binaries.source}`);
  console.log(`Client: ${tools.source}`);
}
