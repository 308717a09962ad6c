import { PassThrough } from 'node:stream';
import type { preParsingHookHandler } from 'fastify';

/** Keeps a body's bytes beside what is parsed of them, no more than the parser admits. */
export const keepRawBody: preParsingHookHandler = (request, _reply, payload, done) => {
  const { bodyLimit } = request.routeOptions;
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  const copied = payload.pipe(new PassThrough());
  payload.once('error', (error) => copied.destroy(error));
  copied.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes <= bodyLimit) chunks.push(chunk);
  });
  copied.once('end', () => {
    request.rawBody = Buffer.concat(chunks);
  });
  done(null, copied);
};
