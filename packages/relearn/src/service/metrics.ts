/** Prometheus metrics of one process; label values are bounded by those who call. */
export interface Metrics {
  counter(
    name: string,
    help: string,
    labels?: readonly string[],
  ): { add(amount: number, ...labelValues: string[]): void };
  gauge(name: string, help: string, labels?: readonly string[]): { set(value: number, ...labelValues: string[]): void };
  /** Buckets in seconds. */
  histogram(
    name: string,
    help: string,
    labels?: readonly string[],
    buckets?: readonly number[],
  ): { observe(seconds: number, ...labelValues: string[]): void };
  /** Values read when scraped. */
  collect(read: () => void | Promise<void>): void;
  text(): Promise<string>;
}
