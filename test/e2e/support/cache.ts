import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Where what is expensive to make outlives the checkout: `$XDG_CACHE_HOME`, else `~/.cache`. */
function cacheDirectory(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'bedrock-monitor');
}

/**
 * The cached directory `name`. Where there is none, `fill` makes it in an empty directory beside it, which takes the
 * name only once it is complete: a run that is interrupted leaves no half entry, and of two runs one wins.
 */
export async function cached(name: string, fill: (directory: string) => Promise<void>): Promise<string> {
  const entry = join(cacheDirectory(), name);
  if (await exists(entry)) return entry;
  await mkdir(dirname(entry), { recursive: true });
  const unfinished = await mkdtemp(`${entry}.unfinished-`);
  try {
    await fill(unfinished);
    await rename(unfinished, entry);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!(await exists(entry))) throw error;
  }
  return entry;
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
