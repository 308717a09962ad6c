import type { ThreadPool } from '../kernels/thread-pool.ts';
import type { StagePart } from './blend-stage.ts';
import { joinedFeatures } from './candidate-features.ts';
import { type Closeness, ClosenessFeatures } from './closeness-features.ts';
import { FollowerFeatures } from './follower-features.ts';
import { directionCloseness, itemDirections } from './item-directions.ts';
import { trainNextItem } from './next-item.ts';
import type { RankingData, RankingModel } from './ranking.ts';
import { trainSessionItemFeatures } from './session-item-features.ts';
import { type SessionKnnSettings, trainSessionKnn } from './session-knn.ts';
import { SessionStage } from './session-stage.ts';
import { type Transitions, type TransitionsSettings, trainTransitions } from './transitions.ts';

export interface SessionFirstStageSettings {
  readonly knn: SessionKnnSettings;
  readonly transitions: TransitionsSettings;
  /** How much the transitions count beside the neighbours. */
  readonly transitionsWeight: number;
  /** The same of where sessions point. */
  readonly nextItemWeight: number;
}

export interface SessionFirstStageContext {
  readonly seed: number;
  readonly pool?: ThreadPool | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Tells where sessions point: `trainNextItem` unless given, where the same data come again. */
  readonly nextItem?: ((data: RankingData) => RankingModel) | undefined;
}

/**
 * Candidates for what comes next by near sessions, transitions and where sessions point, and all that is known of them: neighbours of other kinds, what followed and
 * stood beside the newest items, how near items lie in few dimensions, and what becomes of items over time. Users of `data` are the sessions, the newest last.
 */
export function trainSessionFirstStage(
  data: RankingData,
  settings: SessionFirstStageSettings,
  context: SessionFirstStageContext,
): SessionStage {
  const { knn, transitions, transitionsWeight, nextItemWeight } = settings;
  const { nextItem = (of: RankingData) => trainNextItem(of, {}, context) } = context;
  const part = (name: string, own: Partial<SessionKnnSettings>, weight = 0): StagePart => ({
    name,
    model: trainSessionKnn(data, { ...knn, ...own }),
    weight,
  });
  const parts: StagePart[] = [
    part('neighbours', {}, 1),
    { name: 'transitions', model: trainTransitions(data, transitions), weight: transitionsWeight },
    { name: 'direction', model: nextItem(data), weight: nextItemWeight },
    part('nearest few', { nearnessPower: 3, neighbourCount: 100, ownBoost: 1 }),
    part('near the last', { queryDecay: 1.5, beforeDecay: 1.5, afterDecay: 0.5, rarityPower: 1, ownBoost: 1 }),
    part('near the whole', { ...whole, neighbourCount: 500, rarityPower: 3 }),
  ];
  const others = joinedFeatures([
    new FollowerFeatures('next after', trainTransitions(data, next)),
    new FollowerFeatures('beside', trainTransitions(data, { ...beside, stepDecay: 0.1, normPower: 1 })),
    trainSessionItemFeatures(data),
    new ClosenessFeatures(cosine(trainTransitions(data, beside), data)),
    new ClosenessFeatures(directions(data, context)),
  ]);
  return new SessionStage(parts, others);
}

/** No place in a session says more than another. */
const whole: Partial<SessionKnnSettings> = {
  queryDecay: 0,
  beforeDecay: 0,
  afterDecay: 0,
  nearnessPower: 1,
  lengthPower: 0,
  ownBoost: 1,
};

const next: Partial<TransitionsSettings> = { stepsMax: 1, backShare: 0, normPower: 1, followersMax: 1_000 };

const beside: Partial<TransitionsSettings> = {
  stepsMax: 20,
  stepDecay: 0,
  backShare: 1,
  normPower: 0,
  followersMax: 1_000,
};

/** Deeds that every item is taken to have beside its own: keeps rare items from looking near by chance. */
const PRIOR = 3;

/** How often items stand in one session, over how often they stand in any. */
function cosine(together: Transitions, { itemCount, items }: RankingData): Closeness {
  const taken = new Float32Array(itemCount).fill(PRIOR);
  for (const item of items) taken[item]!++;
  const counts = new Float32Array(itemCount);
  return {
    name: 'cosine',
    itemCount,
    of(item, candidates, closeness) {
      together.addFollowers(item, 1, counts);
      for (const [at, other] of candidates.entries()) {
        closeness[at] = counts[other]! / Math.sqrt(taken[item]! * taken[other]!);
      }
      together.addFollowers(item, -1, counts);
    },
  };
}

function directions(data: RankingData, context: SessionFirstStageContext): Closeness {
  const around = { ...beside, stepsMax: 5, stepDecay: 0.4, followersMax: data.itemCount };
  const { followers } = trainTransitions(data, around);
  return { name: 'likeness', ...directionCloseness(itemDirections(followers, context)) };
}
