import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FileInvalid } from './file-invalid.ts';

const CHUNK_BYTES = 1 << 18;

/** The text of a plain or gzip file, chunk by chunk, without a byte order mark. @throws FileInvalid when it is neither, or damaged. */
export async function* readText(path: string, signal?: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of await openBytes(path)) {
      signal?.throwIfAborted();
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    signal?.throwIfAborted();
    throw new FileInvalid(path, problemOf(error), { cause: error });
  }
}

async function openBytes(path: string): Promise<Readable> {
  const magic = await firstBytes(path);
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) {
    refuseBinary(magic);
    return file;
  }
  return pipeline(file, createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
}

async function firstBytes(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function refuseBinary(bytes: Buffer): void {
  if (bytes.length === 0) throw new Error('the file is empty');
  if (bytes.toString('latin1', 0, 2) === 'PK') {
    throw new Error('this is a ZIP or spreadsheet file; save it as CSV, plain or gzip');
  }
  if (bytes.includes(0)) throw new Error('this is no text file');
}

const causes: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder',
  EACCES: 'this file may not be read',
  Z_DATA_ERROR: 'the gzip file is damaged',
  Z_BUF_ERROR: 'the gzip file ends too early',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'this is no UTF-8 text',
};

function problemOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return causes[code ?? ''] ?? message;
}
