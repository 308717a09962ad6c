import type { RankingData } from './ranking.ts';
import { type AnsweredQuestion, type SecondStage, type SecondStageSettings, trainSecondStage } from './second-stage.ts';
import {
  type SessionFirstStageContext,
  type SessionFirstStageSettings,
  trainSessionFirstStage,
} from './session-first-stage.ts';
import { type Sessions, sessionsOf } from './sessions.ts';

/** The newest sessions, so many of all, are what is learned to rank. */
const LABEL_SHARE = 0.06;

const booster = {
  leafCount: 15,
  learningRate: 0.08,
  rowShare: 0.7,
  columnShare: 0.5,
  leafRowsMin: 50,
  l2: 5,
  binCount: 127,
};

/** Log odds and order see different things: their mean is better than each. */
const secondStageSettings: SecondStageSettings = {
  candidateCount: 60,
  rowsMax: 1_200_000,
  boosters: [
    { ...booster, loss: 'binary', treeCount: 200 },
    { ...booster, loss: 'lambdamart', treeCount: 150 },
  ],
};

/**
 * Ranks what a first stage finds for a session anew: learned from what the newest sessions went on with, by a first stage that knows the older ones alone; answered by
 * one that knows all. Users of `data` are the sessions, the newest last.
 *
 * @throws RangeError when no newest session goes on with an item that the first stage finds.
 *
 * Minutes, and some 700 MB, for a million deeds; an answer is 1 to 2 ms.
 */
export function trainSessionSecondStage(
  data: RankingData,
  settings: SessionFirstStageSettings,
  context: SessionFirstStageContext,
): SecondStage {
  const cut = Math.floor(data.userCount * (1 - LABEL_SHARE));
  const older = trainSessionFirstStage(oldest(data, cut), settings, context);
  const questions = questionsFrom(sessionsOf(data), cut);
  const newest = trainSessionFirstStage(data, settings, context);
  return trainSecondStage([{ firstStage: older, questions }], newest, secondStageSettings, context);
}

/** The first sessions, so many. */
function oldest(data: RankingData, userCount: number): RankingData {
  const at = data.users.findIndex((user) => user >= userCount);
  const end = at < 0 ? data.users.length : at;
  return {
    userCount,
    itemCount: data.itemCount,
    users: data.users.subarray(0, end),
    items: data.items.subarray(0, end),
    atMs: data.atMs.subarray(0, end),
    weights: data.weights.subarray(0, end),
    baskets: data.baskets.subarray(0, end),
  };
}

/** What each session from `first` on went on with, at every place. */
function questionsFrom({ start, items }: Sessions, first: number): AnsweredQuestion[] {
  const questions: AnsweredQuestion[] = [];
  for (let session = first; session < start.length - 1; session++) {
    for (let at = start[session]! + 1; at < start[session + 1]!; at++) {
      const begin = items.subarray(start[session], at);
      const history = {
        items: begin,
        atMs: new Float64Array(begin.length).fill(Number.NaN),
        weights: new Float32Array(begin.length).fill(1),
      };
      questions.push({ history, nowMs: 0, wanted: new Set([items[at]!]) });
    }
  }
  return questions;
}
