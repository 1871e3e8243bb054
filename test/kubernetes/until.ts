/** Waits for real sockets to have done their work. Fails after five seconds, which no healthy run comes near. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`it did not come about: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
