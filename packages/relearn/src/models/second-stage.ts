import type { ThreadPool } from '../kernels/thread-pool.ts';
import { topK } from '../kernels/top-k.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import { BoostedTrees } from './boosted-trees/boosted-trees.ts';
import type { BoostedTreesSettings } from './boosted-trees/settings.ts';
import { trainBoostedTrees } from './boosted-trees/train.ts';
import type { TrainingTable } from './boosted-trees/training-table.ts';
import type { CandidateFeatures, RankingQuestion } from './candidate-features.ts';
import type { Packed } from './codec.ts';
import { largest } from './largest.ts';
import type { History, RankingModel } from './ranking.ts';
import { addStandardised } from './standardise.ts';

/** Finds candidates, and says what is known of them. */
export interface FirstStage extends CandidateFeatures {
  /** Its best items are the candidates; what is no candidate follows them in its order. */
  readonly retrieval: RankingModel;
}

export interface SecondStageSettings {
  /** Items taken from the first stage for each question. */
  readonly candidateCount: number;
  /** So many of them come from the history, beside the others: a long one leaves room for what is new. All compete when left out; 0 makes none a candidate. */
  readonly seenCount?: number;
  /** Candidates that were not wanted, drawn for each that was; all of them when left out. */
  readonly negativesPerWanted?: number;
  /** Rows trained on at most; questions are thinned out evenly beyond. */
  readonly rowsMax?: number;
  /** One booster for each: their margins, standardised over the candidates, are averaged. */
  readonly boosters: readonly BoostedTreesSettings[];
}

/** A question of the past, and what was wanted then. */
export interface AnsweredQuestion extends RankingQuestion {
  readonly wanted: ReadonlySet<number>;
}

/** Questions asked after a first stage was trained: it knows nothing of what was wanted. */
export interface LabelWindow {
  readonly firstStage: FirstStage;
  readonly questions: readonly AnsweredQuestion[];
}

export interface SecondStageContext {
  readonly seed: number;
  readonly pool?: ThreadPool | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the share of the trees grown, 0 to 1, and with 0 at each question before; what it throws ends the training. */
  readonly progress?: ((share: number) => void) | undefined;
}

/** No question of the past has a wanted item among its candidates. */
export class NothingToLearn extends RangeError {
  override readonly name = 'NothingToLearn';

  constructor() {
    super('No wanted item is among the candidates: a second stage has nothing to learn from.');
  }
}

/** What a place among the candidates counts: less than any margin, enough to tell equal ones apart. */
const PLACE = 1e-6;

/** Ranks the best of a first stage anew, by boosted trees over what is known of each. */
export class SecondStage implements RankingModel {
  readonly itemCount: number;
  readonly #firstStage: FirstStage;
  readonly #settings: SecondStageSettings;
  readonly #boosters: readonly BoostedTrees[];
  readonly #rows: Float32Array;
  readonly #margins: Float32Array;
  readonly #means: Float32Array;

  constructor(firstStage: FirstStage, settings: SecondStageSettings, boosters: readonly BoostedTrees[]) {
    this.itemCount = firstStage.retrieval.itemCount;
    this.#firstStage = firstStage;
    this.#settings = settings;
    this.#boosters = boosters;
    const countMax = countMaxOf(settings);
    this.#rows = new Float32Array(countMax * firstStage.names.length);
    this.#margins = new Float32Array(countMax);
    this.#means = new Float32Array(countMax);
  }

  /** Candidates by the boosters, equal ones as the first stage has them; below them all others by the first stage. */
  score(history: History, nowMs: number, scores: Float32Array): void {
    const { retrieval } = this.#firstStage;
    retrieval.score(history, nowMs, scores);
    const candidates = bestCandidates(history, scores, this.#settings);
    const means = this.#meanMargins({ history, nowMs }, candidates);
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < candidates.length; at++) {
      least = Math.min(least, means[at]!);
      scores[candidates[at]!] = Number.NEGATIVE_INFINITY;
    }
    if (candidates.length === 0) return;
    const most = largest(scores);
    for (let item = 0; item < scores.length; item++) scores[item]! += least - 1 - most;
    for (let at = 0; at < candidates.length; at++) scores[candidates[at]!] = means[at]!;
  }

  #meanMargins(question: RankingQuestion, candidates: Int32Array): Float32Array {
    const count = candidates.length;
    const means = this.#means.subarray(0, count);
    for (let at = 0; at < count; at++) means[at] = -PLACE * at;
    this.#firstStage.write(question, candidates, this.#rows, this.#firstStage.names.length, 0);
    for (const booster of this.#boosters) {
      const margins = this.#margins.subarray(0, count);
      booster.predict(this.#rows, count, margins);
      addStandardised(margins, 1 / this.#boosters.length, means);
    }
    return means;
  }

  /** The boosters and settings; the first stage packs itself. */
  pack(): Readonly<Record<string, Packed>> {
    return {
      'second-stage': { settings: { ...this.#settings }, columns: {} },
      ...Object.fromEntries(this.#boosters.map((booster, at) => [`booster-${at}`, booster.pack()])),
    };
  }

  static unpack(packed: Readonly<Record<string, Packed>>, firstStage: FirstStage): SecondStage {
    const settings = packed['second-stage']!.settings as unknown as SecondStageSettings;
    const boosters = settings.boosters.map((_, at) => BoostedTrees.unpack(packed[`booster-${at}`]!));
    return new SecondStage(firstStage, settings, boosters);
  }
}

/**
 * Learns from several past windows how far to believe what is known of candidates, and answers with a first stage trained on everything. A wanted item
 * that its first stage did not find teaches nothing.
 *
 * @param final the first stage that answers; same features as those of the windows.
 * @throws NothingToLearn when no question of any window has a wanted candidate.
 *
 * O(questions · first stage) time, `4 · featureCount` bytes a row.
 */
export function trainSecondStage(
  windows: readonly LabelWindow[],
  final: FirstStage,
  settings: SecondStageSettings,
  { seed, pool, signal, progress }: SecondStageContext,
): SecondStage {
  const table = trainingTable(windows, final.names.length, settings, { seed, signal, progress });
  const boosters = settings.boosters.map((booster, at) =>
    trainBoostedTrees(table, booster, {
      seed: seed + at,
      pool,
      signal,
      progress: (share) => progress?.((at + share) / settings.boosters.length),
    }),
  );
  return new SecondStage(final, settings, boosters);
}

const ROWS_MAX = 2_000_000;

function trainingTable(
  windows: readonly LabelWindow[],
  featureCount: number,
  settings: SecondStageSettings,
  { seed, signal, progress }: Omit<SecondStageContext, 'pool'>,
): TrainingTable {
  const { rowsMax = ROWS_MAX } = settings;
  const asked = windows.reduce((sum, { questions }) => sum + questions.length, 0);
  const share = Math.min(1, rowsMax / Math.max(1, asked * countMaxOf(settings)));
  const random = seededRandom(seed);
  const table = new GrowingTable(featureCount);
  for (const { firstStage, questions } of windows) {
    const scores = new Float32Array(firstStage.retrieval.itemCount);
    for (const question of questions) {
      if (share < 1 && random() >= share) continue;
      signal?.throwIfAborted();
      progress?.(0);
      firstStage.retrieval.score(question.history, question.nowMs, scores);
      const candidates = bestCandidates(question.history, scores, settings);
      const kept = sampled(candidates, question.wanted, settings.negativesPerWanted, random);
      if (kept.length > 0) table.add(question, kept, firstStage);
    }
  }
  if (table.rowCount === 0) throw new NothingToLearn();
  return table.finished();
}

function countMaxOf({ candidateCount, seenCount = 0 }: SecondStageSettings): number {
  return candidateCount + seenCount;
}

/** The best of the first stage, in its order. */
function bestCandidates(
  { items }: History,
  scores: Float32Array,
  { candidateCount, seenCount }: SecondStageSettings,
): Int32Array {
  if (seenCount === undefined) return topK(scores, candidateCount);
  const seen = Int32Array.from(new Set(items)).filter((item) => item >= 0 && item < scores.length);
  const fresh = scores.slice();
  for (const item of seen) fresh[item] = Number.NEGATIVE_INFINITY;
  const best = topK(
    Float32Array.from(seen, (item) => scores[item]!),
    seenCount,
  ).map((at) => seen[at]!);
  const candidates = Int32Array.from([
    ...best,
    ...topK(fresh, candidateCount).filter((item) => fresh[item]! > Number.NEGATIVE_INFINITY),
  ]);
  return candidates.sort((one, other) => scores[other]! - scores[one]! || one - other);
}

/** All wanted candidates and some of the others; none where none is wanted. */
function sampled(
  candidates: Int32Array,
  wanted: ReadonlySet<number>,
  negativesPerWanted: number | undefined,
  random: () => number,
): Int32Array {
  const hits = candidates.reduce((count, item) => count + (wanted.has(item) ? 1 : 0), 0);
  if (hits === 0) return new Int32Array(0);
  if (negativesPerWanted === undefined) return candidates;
  const share = (negativesPerWanted * hits) / Math.max(1, candidates.length - hits);
  return candidates.filter((item) => wanted.has(item) || random() < share);
}

/** Rows of features as they come. */
class GrowingTable {
  readonly #featureCount: number;
  #features = new Float32Array(0);
  #labels = new Float32Array(0);
  readonly #groups: number[] = [0];
  rowCount = 0;

  constructor(featureCount: number) {
    this.#featureCount = featureCount;
  }

  add(question: AnsweredQuestion, candidates: Int32Array, features: CandidateFeatures): void {
    const end = this.rowCount + candidates.length;
    if (end > this.#labels.length) this.#grow(Math.max(4_096, 2 * end));
    const rows = this.#features.subarray(this.rowCount * this.#featureCount, end * this.#featureCount);
    features.write(question, candidates, rows, this.#featureCount, 0);
    for (let at = 0; at < candidates.length; at++) {
      this.#labels[this.rowCount + at] = question.wanted.has(candidates[at]!) ? 1 : 0;
    }
    this.rowCount = end;
    this.#groups.push(end);
  }

  #grow(capacity: number): void {
    const [features, labels] = [this.#features, this.#labels];
    this.#features = new Float32Array(capacity * this.#featureCount);
    this.#features.set(features);
    this.#labels = new Float32Array(capacity);
    this.#labels.set(labels);
  }

  finished(): TrainingTable {
    return {
      features: this.#features.subarray(0, this.rowCount * this.#featureCount),
      featureCount: this.#featureCount,
      labels: this.#labels.subarray(0, this.rowCount),
      groups: Int32Array.from(this.#groups),
    };
  }
}
