import type { ChampionOrigin } from './champion-trial.ts';
import type { TrainedTrial } from './run-trials.ts';
import type { TrainingBudget } from './training-run.ts';

/** What a training worker is started with. */
export interface TrainingOrder {
  /** Module whose default export is the AI service. */
  readonly module: string;
  readonly storePath: string;
  readonly seed: number;
  readonly nowMs: number;
  readonly champion: ChampionOrigin | undefined;
  readonly budget: TrainingBudget;
  /** One Int32: not 0 once the training is cancelled, so that a synchronous one sees it too. */
  readonly cancelled: SharedArrayBuffer;
}

/** What it tells. `done` and `failed` are the last. */
export type TrainingMessage =
  | { readonly kind: 'progress'; readonly share: number; readonly note: string | undefined }
  | { readonly kind: 'done'; readonly trained: TrainedTrial; readonly range: readonly [number, number] }
  | { readonly kind: 'failed'; readonly message: string };
