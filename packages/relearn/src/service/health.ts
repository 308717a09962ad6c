import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';
import type { RunningService } from './running-service.ts';

/** Where a process is in its life; only `running` is ready. */
export interface HostState {
  phase: 'starting' | 'running' | 'stopping';
}

/** Serves `/health/live`, `/health/ready` and `/metrics`. */
export function serveHealth(
  server: FastifyInstance,
  services: readonly RunningService[],
  { state, metrics }: { state: HostState; metrics: Metrics },
): void {
  measureQueues(services, metrics);
  server.get('/health/live', () => ({ status: 'live' }));
  server.get('/health/ready', async (_request, reply) => {
    const reasons = await unreadyReasons(services, state);
    const ready = Object.keys(reasons).length === 0;
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ready' : 'unready', reasons, parked: await parkedCounts(services) });
  });
  server.get('/metrics', async (_request, reply) =>
    reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(await metrics.text()),
  );
}

/** Reasons by service and check: `{ catalog: { store: 'the disk is full' } }`. */
async function unreadyReasons(services: readonly RunningService[], { phase }: HostState) {
  const reasons: Record<string, Record<string, string>> = {};
  if (phase !== 'running') reasons.host = { phase: `The process is ${phase}.` };
  for (const service of services) {
    const faults = await service.faults();
    if (Object.keys(faults).length > 0) reasons[service.name] = faults;
  }
  return reasons;
}

/** How long another process may take to say how its services are, ms. */
const REMOTE_MS = 1_000;

/** Why a service of another process is not ready, as that says; empty when it is. */
export async function remoteFaults(name: string, url: string): Promise<Record<string, string>> {
  try {
    const response = await fetch(new URL('/health/ready', url), { signal: AbortSignal.timeout(REMOTE_MS) });
    const { reasons } = (await response.json()) as { reasons?: Record<string, Record<string, string>> };
    return { ...reasons?.host, ...reasons?.[name] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { process: `${name} does not answer at ${url}: ${reason}` };
  }
}

/** What was given up and waits for somebody to look, by service and queue; it keeps no one from being ready: `{ orders: { jobs: 2 } }`. */
async function parkedCounts(services: readonly RunningService[]) {
  const counts: Record<string, Record<string, number>> = {};
  for (const service of services) {
    for (const [queue, depth] of Object.entries(await service.queueDepths())) {
      if (depth && depth.parked > 0) counts[service.name] = { ...counts[service.name], [queue]: depth.parked };
    }
  }
  return counts;
}

function measureQueues(services: readonly RunningService[], metrics: Metrics): void {
  const labels = ['service', 'queue'];
  const waiting = metrics.gauge('relearn_queue_waiting', 'Events and jobs not yet handled', labels);
  const parked = metrics.gauge(
    'relearn_queue_parked',
    'Events and jobs given up after all attempts, kept for replay',
    labels,
  );
  const lag = metrics.gauge(
    'relearn_queue_lag_seconds',
    'How long the oldest has waited since it was due, seconds',
    labels,
  );
  metrics.collect(async () => {
    for (const service of services) {
      for (const [queue, depth] of Object.entries(await service.queueDepths())) {
        if (depth === undefined) continue;
        waiting.set(depth.waiting, service.name, queue);
        parked.set(depth.parked, service.name, queue);
        lag.set(depth.lagMs / 1000, service.name, queue);
      }
    }
  });
}
