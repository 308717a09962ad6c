import {
  Blend,
  type RankingData,
  type RankingModel,
  type SessionFirstStageSettings,
  ThreadPool,
  trainNextItem,
  trainSessionKnn,
  trainSessionSecondStage,
  trainTransitions,
} from '../models/index.ts';
import { pairedBootstrap } from '../statistics/paired-bootstrap.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import { findSessionSettings } from './find-session-settings.ts';
import { rankingDataOf } from './list-data.ts';
import { type NextItemQuestion, nextItemScores } from './next-item.ts';
import { readExamples, readSessions } from './read-sessions.ts';
import { sessionBlendWeights } from './session-blend-weights.ts';
import {
  popularity,
  type SessionCandidate,
  type SettingsSpace,
  sessionKnnSpace,
  transitionsSpace,
} from './session-candidates.ts';
import { cutNewest, knownQuestions, numberExamples, numberSessions, type SessionCut } from './session-data.ts';

const K = 20;
/** The newest sessions, so many of all, are held out to choose on. */
const HELD_OUT_SHARE = 0.06;
/** Questions asked at most while settings are searched. */
const ASKED_MAX = 12_000;
/** Questions asked at most to compare models with the best of their settings. */
const COMPARED_MAX = 10_000;
/** Questions asked at most to weigh models in a blend. */
const WEIGHED_MAX = 3_000;
/** A second stage is tried from so many questions on: fewer teach it nothing. */
const SECOND_STAGE_QUESTIONS_MIN = 200;
/** Searching settings ends after so much of the time, and a second stage begins before so much is over. */
const TRANSITIONS_SHARE = 0.05;
const KNN_SHARE = 0.2;
const SECOND_STAGE_SHARE = 0.6;
const SEED = 1;

export interface SessionEvaluation {
  readonly model: string;
  readonly settings: object;
  /** Choice and training. */
  readonly seconds: number;
  readonly metrics: { readonly 'hr@20': number; readonly 'mrr@20': number };
}

export interface SessionEvaluationOptions {
  readonly train: string;
  readonly test: string;
  /** What choice and training may take about, without the test. */
  readonly minutes: number;
}

/**
 * Chooses model and settings from the training file alone, on its newest sessions, trains the best on all of it, and scores the test file: full ranking over all
 * items of the training file. Next items that no session of the training file holds count as missed.
 *
 * @param progress - Told what is done, and what was found on the sessions held out.
 */
export async function evaluateSessions(
  { train, test, minutes }: SessionEvaluationOptions,
  progress: (line: string) => void,
): Promise<SessionEvaluation> {
  const [trainSessions, testExamples] = [await readSessions(train), await readExamples(test)];
  const startedMs = performance.now();
  const { itemCount, sessions, itemOf } = numberSessions(trainSessions);
  const pool = new ThreadPool();
  try {
    const choice = new SessionChoice(itemCount, cutNewest(sessions, HELD_OUT_SHARE), { pool, progress });
    const { model, settings, train: trained } = await choice.best(startedMs + minutes * 60_000);
    progress(`${model}: training on everything`);
    const final = trained(rankingDataOf(itemCount, sessions));
    const seconds = (performance.now() - startedMs) / 1_000;
    progress(`scoring ${testExamples.length} examples of ${test}`);
    const { hits, reciprocals } = nextItemScores(final, numberExamples(testExamples, itemOf), K);
    return { model, settings, seconds, metrics: { 'hr@20': mean(hits), 'mrr@20': mean(reciprocals) } };
  } finally {
    await pool.close();
  }
}

interface ChoiceContext {
  readonly pool: ThreadPool;
  readonly progress: (line: string) => void;
}

/** Candidates compared on the sessions held out. */
class SessionChoice {
  readonly #data;
  readonly #questions: readonly (readonly NextItemQuestion[])[];
  readonly #context: ChoiceContext;
  readonly #nextItem = rememberedNextItem();

  constructor(itemCount: number, cut: SessionCut, context: ChoiceContext) {
    this.#data = rankingDataOf(itemCount, cut.kept);
    this.#questions = knownQuestions(cut, itemCount).filter(({ length }) => length > 0);
    this.#context = context;
  }

  /** The simplest candidate that none beats beyond noise. */
  async best(endMs: number): Promise<SessionCandidate> {
    if (this.#questions.length === 0) return popularity;
    const candidates = await this.#candidates(endMs);
    const values = candidates.map((candidate) => this.#told(candidate));
    const best = values.reduce((most, own) => (mean(own) > mean(most) ? own : most));
    return candidates.find((_, at) => values[at] === best || pairedBootstrap(best, values[at]!, SEED)[0] <= 0)!;
  }

  /** From simple to complex, each kind with the best of its settings. */
  async #candidates(endMs: number): Promise<SessionCandidate[]> {
    const startedMs = performance.now();
    const random = seededRandom(SEED);
    const asked = thinned(this.#questions.flat(), ASKED_MAX);
    const find = <Settings>(space: SettingsSpace<Settings>, share: number) =>
      findSessionSettings(space, {
        random,
        score: (settings, part) =>
          this.#goodness(space.train(this.#data, settings), thinned(asked, part * asked.length)),
        isOver: () => performance.now() > startedMs + share * (endMs - startedMs),
      });
    const { progress } = this.#context;
    progress('transitions: looking for settings');
    const transitions = await find(transitionsSpace, TRANSITIONS_SHARE);
    progress('session-knn: looking for settings');
    const knn = await find(sessionKnnSpace, KNN_SHARE);
    progress('blend: learning where sessions point, and weighing');
    const train = this.#nextItem;
    const weights = sessionBlendWeights(
      {
        knn: trainSessionKnn(this.#data, knn),
        transitions: trainTransitions(this.#data, transitions),
        nextItem: train(this.#data),
      },
      thinned(asked, WEIGHED_MAX),
      K,
    );
    const blend = { knn, transitions, ...weights };
    const isEarly = performance.now() < startedMs + SECOND_STAGE_SHARE * (endMs - startedMs);
    const isTaught = this.#questions.flat().length >= SECOND_STAGE_QUESTIONS_MIN;
    return [
      popularity,
      { model: 'transitions', settings: transitions, train: (data) => trainTransitions(data, transitions) },
      { model: 'session-knn', settings: knn, train: (data) => trainSessionKnn(data, knn) },
      blendCandidate(blend, train),
      ...(isEarly && isTaught ? [secondStageCandidate(blend, train, this.#context.pool)] : []),
    ];
  }

  /** Hit and reciprocal rank, summed up for each session; told to who watches. */
  #told(candidate: SessionCandidate): Float64Array {
    const sessionCount = Math.ceil((this.#questions.length * COMPARED_MAX) / this.#questions.flat().length);
    const compared = thinned(this.#questions, sessionCount);
    const questions = compared.flat();
    const { hits, reciprocals } = nextItemScores(candidate.train(this.#data), questions, K);
    const [hit, reciprocal] = [mean(hits), mean(reciprocals)].map((value) => value.toFixed(4));
    this.#context.progress(
      `${candidate.model} ${JSON.stringify(candidate.settings)}: HR@${K} ${hit}, MRR@${K} ${reciprocal}`,
    );
    let at = 0;
    return Float64Array.from(compared, (own) => own.reduce((sum) => sum + hits[at]! + reciprocals[at++]!, 0));
  }

  #goodness(model: RankingModel, questions: readonly NextItemQuestion[]): number {
    const { hits, reciprocals } = nextItemScores(model, questions, K);
    return mean(hits) + mean(reciprocals);
  }
}

function blendCandidate(settings: SessionFirstStageSettings, nextItem: TrainNextItem): SessionCandidate {
  const { knn, transitions, transitionsWeight, nextItemWeight } = settings;
  return {
    model: 'blend',
    settings,
    train: (data) =>
      new Blend([
        { model: trainSessionKnn(data, knn), weight: 1 },
        { model: trainTransitions(data, transitions), weight: transitionsWeight },
        { model: nextItem(data), weight: nextItemWeight },
      ]),
  };
}

/** The blend's best candidates ranked anew. */
function secondStageCandidate(
  settings: SessionFirstStageSettings,
  nextItem: TrainNextItem,
  pool: ThreadPool,
): SessionCandidate {
  return {
    model: 'second-stage',
    settings,
    train: (data) => trainSessionSecondStage(data, settings, { seed: SEED, pool, nextItem }),
  };
}

type TrainNextItem = (data: RankingData) => RankingModel;

/** Trains once for each number of sessions: all data are the oldest of the same. */
function rememberedNextItem(): TrainNextItem {
  const trained = new Map<number, RankingModel>();
  return (data) => {
    const model = trained.get(data.userCount) ?? trainNextItem(data, {}, { seed: SEED });
    trained.set(data.userCount, model);
    return model;
  };
}

/** So many of the questions, spread evenly. */
function thinned<Question>(questions: readonly Question[], count: number): readonly Question[] {
  const step = questions.length / Math.max(1, Math.floor(count));
  if (step <= 1) return questions;
  return Array.from({ length: Math.floor(count) || 1 }, (_, at) => questions[Math.floor(at * step)]!);
}

function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
