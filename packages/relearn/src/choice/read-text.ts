import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

const GZIP = [0x1f, 0x8b];

/** A text file's lines without what ends them, gzip or plain; the last is empty where the file ends as text should. @throws Error naming the file. */
export async function readTextLines(path: string): Promise<string[]> {
  const bytes = await readFile(path);
  return inflated(bytes, path).toString('utf8').split(/\r?\n/);
}

function inflated(bytes: Buffer, path: string): Buffer {
  if (bytes[0] !== GZIP[0] || bytes[1] !== GZIP[1]) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw new Error(`${path} begins as gzip does, but cannot be unpacked.`, { cause });
  }
}
