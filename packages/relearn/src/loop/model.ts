/** What is learned: answers features with an output. Loaded whole, never changed while it serves. */
export interface Model<Features = unknown, Output = unknown> {
  predict(features: Features): Output;
}

/** What training is given; nothing else may influence its result. */
export interface TrainingContext {
  readonly seed: number;
  /** The end of the data range: "now" for decay and trend, ms since the epoch. */
  readonly nowMs: number;
  readonly signal: AbortSignal;
  /** Called with the share done, 0 to 1. Throws once the training is cancelled, so that a synchronous one ends too. */
  progress(this: void, share: number, note?: string): void;
}

/** A model with settings, tried for a task. Listed from simple to complex: the simplest that is not worse wins. */
export interface Trial<
  Data = any,
  Features = any,
  Output = any,
  M extends Model<Features, Output> = Model<Features, Output>,
> {
  /** Unique within the service: `ease-60d`. */
  readonly name: string;
  /** Name and number of the encoding, e.g. `ease/1`; a version of a format this code does not know never becomes ready. */
  readonly format: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /**
   * The same trial with the settings that a version was trained with: so a champion can be compared when the settings here have changed since. Where it
   * is left out, a version trained after such a change waits for a person to promote it.
   */
  withSettings?(settings: Readonly<Record<string, unknown>>): Trial<Data, Features, Output, M>;
  /** Other settings worth trying, for which {@link withSettings} is asked: the best is found by successive halving on the newest window. */
  readonly variants?: readonly Readonly<Record<string, unknown>>[];
  /** Most memory that training on these data takes beside them, bytes, foretold; a trial that needs more than the budget is left out. */
  memoryBytes?(data: Data): number;
  train(data: Data, context: TrainingContext): Promise<M> | M;
  encode(model: M): Uint8Array;
  /** @throws when the bytes are not of this format; the version is refused then. */
  decode(bytes: Uint8Array): M;
}
