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
  /** A counter of which its owner keeps the numbers, read when scraped: for paths too hot to look labels up. */
  counted(name: string, help: string, read: () => readonly LabelledValue[]): void;
  /** A histogram of which its owner keeps the numbers. `bounds` in seconds. */
  distribution(
    name: string,
    help: string,
    bounds: readonly number[],
    read: () => readonly LabelledDistribution[],
  ): void;
  /** Values read when scraped. */
  collect(read: () => void | Promise<void>): void;
  text(): Promise<string>;
}

export interface LabelledValue {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface LabelledDistribution {
  readonly labels: Readonly<Record<string, string>>;
  /** Observations by bucket, not cumulated; one more than bounds, the last for those above all. */
  readonly buckets: ArrayLike<number>;
  readonly sum: number;
}
