import { expect, it } from 'vitest';
import { connect } from './connect.ts';
import { type ShelfWitness, shelfContract, shelfService } from './shelf.fixture.ts';
import { testHost } from './test-host.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

it('carries the caller’s trace through a call, over HTTP and in process, as a span of its own', async () => {
  const host = await testHost({ services: [shelfService()] });
  for (const client of [connect(shelfContract, { url: host.url }), host.client(shelfContract)]) {
    const reply = await client.pause({ params: { ms: 0 } }, { traceparent });
    expect(reply.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    expect(reply.traceparent).not.toBe(traceparent);
  }
});

it('begins a trace where none came, or none that is well formed', async () => {
  const host = await testHost({ services: [shelfService()] });
  const reply = await host
    .client(shelfContract)
    .pause({ params: { ms: 0 } }, { traceparent: `00-${'0'.repeat(32)}-x-01` });
  expect(reply.traceparent).toMatch(/^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-01$/);
});

it('carries each request’s trace into the events it publishes', async () => {
  const witness: ShelfWitness = { aborted: [], delivered: [], unready: undefined };
  const host = await testHost({ services: [shelfService(witness)] });
  const client = host.client(shelfContract);
  const other = '1af7651916cd43dd8448eb211c80319d';
  await Promise.all([
    client.put({ body: { name: 'lamp' } }, { traceparent }),
    client.put({ body: { name: 'chair' } }, { traceparent: `00-${other}-b7ad6b7169203331-01` }),
  ]);
  await expect.poll(() => witness.delivered.length).toBe(2);
  expect(new Set(witness.delivered.map((one) => one.traceparent?.slice(3, 35)))).toEqual(new Set([traceId, other]));
});
