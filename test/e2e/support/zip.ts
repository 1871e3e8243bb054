import { inflateRawSync } from 'node:zlib';

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;

/**
 * The files of a ZIP archive that are stored or deflated, which is what archivers write; no ZIP64, no encryption.
 *
 * Source of the layout: PKWARE's APPNOTE, 4.3.7 (local header), 4.3.12 (directory), 4.3.16 (end of directory).
 */
export function readZip(archive: Buffer, wanted: (path: string) => boolean): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  let end = archive.length - 22;
  while (end >= 0 && archive.readUInt32LE(end) !== endOfDirectory) end -= 1;
  if (end < 0) throw new Error('not a ZIP archive: it has no directory');
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (archive.readUInt32LE(at) !== directoryEntry) throw new Error('the ZIP archive is damaged');
    const method = archive.readUInt16LE(at + 10);
    const size = archive.readUInt32LE(at + 20);
    const nameEnd = at + 46 + archive.readUInt16LE(at + 28);
    const path = archive.toString('utf8', at + 46, nameEnd);
    const header = archive.readUInt32LE(at + 42);
    at = nameEnd + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    if (!wanted(path)) continue;
    const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
    const data = archive.subarray(start, start + size);
    if (method !== 0 && method !== 8) throw new Error(`${path} in the ZIP archive is packed by method ${method}`);
    files.set(path, method === 0 ? data : inflateRawSync(data));
  }
  return files;
}
