/** A trained trial, immutable but for its state. */
export interface VersionRecord {
  /** `v1`, `v2`, … in the order of training. */
  readonly id: string;
  readonly trial: string;
  readonly format: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** Log offsets of the data it was trained on, [from, to). */
  readonly dataRange: readonly [from: number, to: number];
  /** Means over units of all windows. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly featureRevision: number;
  /** SHA-256 of the features' and output's schemas. */
  readonly schemaHash: string;
  /** SHA-256 of the encoded model, its name in the artifacts. */
  readonly artifact: string;
  readonly sizeBytes: number;
  readonly trainedAtMs: number;
  /** `ready` has not served yet; `refused` failed a check when it was to serve. */
  readonly state: 'champion' | 'retired' | 'ready' | 'refused';
  /** Why it was refused, or not promoted. */
  readonly reason?: string;
}
