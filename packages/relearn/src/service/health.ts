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
      .send({ status: ready ? 'ready' : 'unready', reasons });
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

function measureQueues(services: readonly RunningService[], metrics: Metrics): void {
  const labels = ['service', 'queue'];
  const waiting = metrics.gauge('relearn_events_waiting', 'Events in the outbox or inbox not yet handled', labels);
  const parked = metrics.gauge('relearn_events_parked', 'Events given up after all attempts, kept for replay', labels);
  const lag = metrics.gauge('relearn_event_lag_seconds', 'Age of the oldest event that waits, seconds', labels);
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
