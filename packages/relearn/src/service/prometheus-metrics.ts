import { Counter, collectDefaultMetrics, Gauge, Histogram, type Metric, Registry } from 'prom-client';
import type { LabelledDistribution, LabelledValue, Metrics } from './metrics.ts';

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Metrics on a registry of their own, with the process's memory, processor time and event loop lag. */
export function prometheusMetrics(): Metrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  const readers: (() => void | Promise<void>)[] = [];
  collectDefaultMetrics({ register: registry });

  return {
    counter(name, help, labelNames = []) {
      const counter = known<Counter>(registry, name) ?? new Counter({ name, help, labelNames, registers });
      return { add: (amount, ...values) => counter.labels(...values).inc(amount) };
    },
    gauge(name, help, labelNames = []) {
      const gauge = known<Gauge>(registry, name) ?? new Gauge({ name, help, labelNames, registers });
      return { set: (value, ...values) => gauge.labels(...values).set(value) };
    },
    histogram(name, help, labelNames = [], buckets = SECONDS) {
      const histogram =
        known<Histogram>(registry, name) ?? new Histogram({ name, help, labelNames, buckets: [...buckets], registers });
      return { observe: (seconds, ...values) => histogram.labels(...values).observe(seconds) };
    },
    counted(name, help, read) {
      register(registry, { name, help, type: 'counter', values: read });
    },
    distribution(name, help, bounds, read) {
      const values = () => read().flatMap((one) => distributionValues(name, bounds, one));
      register(registry, { name, help, type: 'histogram', values });
    },
    collect(read) {
      readers.push(read);
    },
    async text() {
      for (const read of readers) await read();
      return registry.metrics();
    },
  };
}

/** Several services may name one metric; they differ by labels. */
function known<M>(registry: Registry, name: string): M | undefined {
  return registry.getSingleMetric(name) as M | undefined;
}

interface ReadMetric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'histogram';
  readonly values: () => readonly (LabelledValue & { readonly metricName?: string })[];
}

/** A metric read when scraped. A registry asks its metrics for no more than `get`. */
function register(registry: Registry, { name, help, type, values }: ReadMetric): void {
  const metric = { name, get: () => ({ name, help, type, aggregator: 'sum', values: values() }) };
  registry.registerMetric(metric as unknown as Metric);
}

function distributionValues(name: string, bounds: readonly number[], { labels, buckets, sum }: LabelledDistribution) {
  let count = 0;
  const cumulated = Array.from(buckets, (observed, index) => {
    count += observed;
    return { metricName: `${name}_bucket`, labels: { ...labels, le: String(bounds[index] ?? '+Inf') }, value: count };
  });
  return [
    ...cumulated,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
