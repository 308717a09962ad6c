import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply } from 'fastify';

const JSON_MEDIA_TYPE = 'application/json; charset=utf-8';

/** A text that fits into one packet is not worth packing. */
const COMPRESSED_BYTES_MIN = 1_400;

const pack = promisify(gzip);

interface ReadyReply {
  readonly status: number;
  /** JSON; undefined for a reply without a body. */
  readonly text: string | undefined;
  /** Name and value in turn. */
  readonly headers: readonly string[];
  /** The `Accept-Encoding` to heed; undefined to send it as it is. */
  readonly accepts: string | undefined;
}

/** Past the framework's own pipeline, of which a ready text needs nothing: about a tenth of a request's processor time. */
export function writeReply(reply: FastifyReply, { status, text, headers, accepts }: ReadyReply): void {
  reply.hijack();
  const { raw } = reply;
  const own = headers.length === 0 ? headers : cookiesAdded(raw, headers);
  if (text === undefined) return void raw.writeHead(status, [...own]).end();
  const sizeBytes = Buffer.byteLength(text);
  if (accepts?.includes('gzip') && sizeBytes >= COMPRESSED_BYTES_MIN) {
    return void writePacked(raw, { status, text, headers: own });
  }
  const all = ['content-type', JSON_MEDIA_TYPE, 'content-length', String(sizeBytes), ...own];
  // A text of one byte a character is copied as it is.
  raw.writeHead(status, all).end(text, sizeBytes === text.length ? 'latin1' : 'utf8');
}

/** Adds cookies to those that the edge has set already; returns the other headers, which take the place of the edge's. */
function cookiesAdded(raw: ServerResponse, headers: readonly string[]): string[] {
  const others: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const [name, value] = [headers[index]!, headers[index + 1]!];
    if (name === 'set-cookie') raw.appendHeader(name, value);
    else others.push(name, value);
  }
  return others;
}

async function writePacked(raw: ServerResponse, { status, text, headers }: Omit<ReadyReply, 'accepts'>): Promise<void> {
  const packed = await pack(text!, { level: 4 });
  raw.appendHeader('vary', 'accept-encoding');
  const about = ['content-encoding', 'gzip', 'content-length', String(packed.length)];
  raw.writeHead(status, ['content-type', JSON_MEDIA_TYPE, ...about, ...headers]).end(packed);
}
