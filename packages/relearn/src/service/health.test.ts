import { expect, it } from 'vitest';
import { type ShelfWitness, shelfContract, shelfService } from './shelf.fixture.ts';
import { testHost } from './test-host.ts';

it('is ready while every check passes, and says why not', async () => {
  const witness: ShelfWitness = { aborted: [], delivered: [], unready: undefined };
  const host = await testHost({ services: [shelfService(witness)] });
  const ready = async () => {
    const response = await fetch(`${host.url}/health/ready`);
    return { status: response.status, body: await response.json() };
  };
  expect(await ready()).toEqual({ status: 200, body: { status: 'ready', reasons: {}, parked: {} } });
  witness.unready = 'The shelf leans.';
  expect(await ready()).toEqual({
    status: 503,
    body: { status: 'unready', reasons: { shelf: { mood: 'The shelf leans.' } }, parked: {} },
  });
  expect((await fetch(`${host.url}/health/live`)).status).toBe(200);
});

it('counts answers by operation and status, with a latency histogram and the depth of queues', async () => {
  const host = await testHost({ services: [shelfService()] });
  await fetch(`${host.url}/api/shelf/things`);
  await fetch(`${host.url}/api/shelf/things?limit=0`);
  await fetch(`${host.url}/api/shelf/things`, { method: 'POST', body: 'x' });
  await host.client(shelfContract).list({ query: {} });
  const metrics = await (await fetch(`${host.url}/metrics`)).text();
  for (const line of [
    'relearn_requests_total{service="shelf",operation="list",status="200"} 2',
    'relearn_requests_total{service="shelf",operation="list",status="400"} 1',
    'relearn_requests_total{service="shelf",operation="put",status="415"} 1',
    'relearn_request_seconds_bucket{service="shelf",operation="list",le="+Inf"} 3',
    'relearn_request_seconds_count{service="shelf",operation="list"} 3',
    'relearn_queue_waiting{service="shelf",queue="outbox"} 0',
    'relearn_queue_lag_seconds{service="shelf",queue="inbox"} 0',
  ]) {
    expect(metrics.split('\n')).toContain(line);
  }
  expect(metrics).toMatch(/^process_resident_memory_bytes \d+$/m);
  expect(metrics).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
});
