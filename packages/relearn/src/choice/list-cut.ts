import type { RankingData } from '../models/index.ts';
import type { RankingQuestion } from './full-ranking.ts';
import { rankingDataOf } from './list-data.ts';

/** One pair in so many is held out to choose on. */
const HELD_OUT_OF = 10;
/** Users asked about while choosing. */
const ASKED_MAX = 10_000;
/** And so that they are told so many scores together, one for each item: of many items fewer users are asked. */
const SCORES_MAX = 2.5e8;
/** Settings are compared on so many of the users before they are on all: fewer would make others best. */
const PART = 1 / 3;
/** And on so many pairs at most. */
const PART_PAIRS_MAX = 1_000_000;

/** What to train on, and what to ask of the model. */
export interface Trial {
  readonly data: RankingData;
  readonly questions: readonly RankingQuestion[];
}

export interface ListCut {
  readonly whole: Trial;
  /** Some of the users. */
  readonly part: Trial;
  /** Whether the part has fewer than a third of the users: the whole is large. */
  readonly isLarge: boolean;
}

/** Holds pairs out of what users took, the same at each run. @param taken what each user took, each item once. */
export function cutLists(itemCount: number, taken: readonly Int32Array[]): ListCut {
  const kept = taken.map((items, user) => items.filter((item) => !isHeldOut(user, item)));
  const questionsOf = (users: readonly number[]) =>
    users
      .map((user) => ({ had: kept[user]!, wanted: new Set(taken[user]!.filter((item) => isHeldOut(user, item))) }))
      .filter(({ wanted }) => wanted.size > 0);
  const whole = rankingDataOf(itemCount, kept);
  const share = Math.min(PART, PART_PAIRS_MAX / whole.items.length);
  const isLarge = share < PART;
  const isPart = (user: number) => mixed(user) < share * 2 ** 32;
  const askedMax = Math.min(ASKED_MAX, SCORES_MAX / itemCount);
  const asked = spread([...taken.keys()], askedMax);
  const partUsers = [...taken.keys()].filter(isPart);
  // In a large whole, room for users who are not in the part would cost more than the part.
  const partKept = isLarge
    ? partUsers.map((user) => kept[user]!)
    : kept.map((items, user) => (isPart(user) ? items : new Int32Array(0)));
  const partAsked = isLarge ? spread(partUsers, PART * askedMax) : asked.filter(isPart);
  return {
    whole: { data: whole, questions: questionsOf(asked) },
    part: { data: rankingDataOf(itemCount, partKept), questions: questionsOf(partAsked) },
    isLarge,
  };
}

/** Every so manieth, so that about `max` are left at most. */
function spread(users: readonly number[], max: number): number[] {
  const step = Math.max(1, Math.ceil(users.length / max));
  return users.filter((_, at) => at % step === 0);
}

/** The same pairs at each run, spread evenly. */
function isHeldOut(user: number, item: number): boolean {
  return mixed(Math.imul(user, 0x9e3779b1) ^ Math.imul(item, 0x85ebca6b)) % HELD_OUT_OF === 0;
}

/** 0 to 2³² − 1. Source of the constants: Steele, Lea & Flood 2014 (SplitMix). */
function mixed(value: number): number {
  const turned = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (turned ^ (turned >>> 13)) >>> 0;
}
