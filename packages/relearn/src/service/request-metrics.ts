import type { Metrics } from './metrics.ts';

/** Counts the answers of one operation. */
export interface EndpointMetrics {
  /** `startedMs` is of `performance.now()`. Costs tens of ns: numbers are added up here and named when scraped. */
  answered(status: number, startedMs: number): void;
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Requests and latencies by service, operation and status; made once a process. */
export function requestMetrics(metrics: Metrics): (service: string, operation: string) => EndpointMetrics {
  const counters = new Map<string, AnswerCounts>();
  metrics.counted('relearn_requests_total', 'Requests answered', () =>
    [...counters.values()].flatMap((counts) => counts.byStatus()),
  );
  metrics.distribution('relearn_request_seconds', 'Time from a read request to its reply, seconds', SECONDS, () =>
    [...counters.values()].map((counts) => counts.latency()),
  );
  return (service, operation) => {
    const counts = new AnswerCounts({ service, operation });
    counters.set(`${service}.${operation}`, counts);
    return counts;
  };
}

class AnswerCounts implements EndpointMetrics {
  readonly #labels: Record<string, string>;
  readonly #statuses = new Map<number, number>();
  /** One more than bounds: the last has those above all bounds. */
  readonly #buckets = new Float64Array(SECONDS.length + 1);
  #secondsSum = 0;

  constructor(labels: Record<string, string>) {
    this.#labels = labels;
  }

  answered(status: number, startedMs: number): void {
    const seconds = (performance.now() - startedMs) / 1000;
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    let bucket = 0;
    while (bucket < SECONDS.length && seconds > SECONDS[bucket]!) bucket++;
    this.#buckets[bucket]!++;
    this.#secondsSum += seconds;
  }

  byStatus() {
    return Array.from(this.#statuses, ([status, value]) => ({
      labels: { ...this.#labels, status: String(status) },
      value,
    }));
  }

  latency() {
    return { labels: this.#labels, buckets: this.#buckets, sum: this.#secondsSum };
  }
}
