import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { StreamItem } from '../contract/operation.ts';

/** Between comments that keep a silent connection open, ms: less than what proxies wait. */
const HEARTBEAT_MS = 15_000;

export interface EventStream {
  readonly items: AsyncIterable<StreamItem>;
  /** One item's data as JSON. @throws when it is not what was declared. */
  readonly write: (data: unknown) => string;
  /** Aborts when the reader has gone, or nothing more may be sent. */
  readonly signal: AbortSignal;
}

/**
 * Sends items as server-sent events, no faster than the reader takes them, until they end or the signal aborts. The head goes out at once, so
 * that the reader knows it is connected.
 */
export async function sendEvents(response: ServerResponse, { items, write, signal }: EventStream): Promise<void> {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write(':\n\n');
  const heartbeat = setInterval(() => response.write(':\n\n'), HEARTBEAT_MS).unref();
  try {
    for await (const { id, data } of until(items, signal)) {
      const taken = response.write(`${id === undefined ? '' : `id: ${oneLine(id)}\n`}data: ${write(data)}\n\n`);
      if (!taken) await once(response, 'drain', { signal }).catch(() => undefined);
    }
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}

/** The items until the signal aborts; then the one who makes them is told to stop. */
export async function* until<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  const ended = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), ended]);
      if (next === undefined || next.done) return;
      yield next.value;
    }
  } finally {
    // Not waited for: one who makes items may be in the middle of one.
    void iterator.return?.()?.catch(() => undefined);
  }
}

function oneLine(id: string): string {
  return id.replaceAll(/[\r\n\0]/g, '');
}
