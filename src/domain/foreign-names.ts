/** A monitor as messages of another one name it; with `hide`, monitors of other namespaces stay nameless. */
export function nameFor(
  monitor: { readonly namespace: string; readonly name: string },
  readerNamespace: string,
  hide: boolean,
): string {
  return hide && monitor.namespace !== readerNamespace
    ? 'a BedrockMonitor of another namespace'
    : `BedrockMonitor ${monitor.namespace}/${monitor.name}`;
}
