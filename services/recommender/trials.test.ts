import { tasteData } from 'relearn/testing';
import { expect, test } from 'vitest';
import type { Dataset } from './dataset.ts';
import type { Features } from './features.ts';
import { trials } from './trials.ts';

const YEARS_MS = 15 * 365 * 86_400_000;

const { train, cases, nowMs } = tasteData(1);
const data: Dataset = {
  ...train,
  itemIds: Int32Array.from({ length: train.itemCount }, (_, item) => item * 3),
  wanted: new Uint8Array(train.items.length).fill(1),
  prices: Float32Array.from(train.items, (item) => (item % 5 === 0 ? Number.NaN : 1 + (item % 3))),
  contents: Array.from({ length: train.itemCount }, (_, item) => ({ text: `item ${item % 7}` })),
};
const context = { seed: 1, nowMs, signal: new AbortController().signal, progress: () => undefined };

/** A user's question, asked at some time after what they did. */
function questionAt(askedAtMs: number, user = 0): Features {
  const { items, atMs, weights } = cases[user]!.history;
  const own = Array.from(items, (item) => data.itemIds[item]!);
  const column = { items: own, atMs, weights, exclude: [] };
  return { surface: 'for-you', nowMs: askedAtMs, k: 10, ...column, candidates: [], newcomers: 0 };
}

const byName = (name: string) => trials.find((trial) => trial.name === name)!;

test.each(trials.map(({ name }) => name))(
  '%s: a history that ended years ago is learned from as one of today',
  async (name) => {
    const today = await byName(name).train(data, context);
    const later = await byName(name).train({ ...data }, { ...context, nowMs: nowMs + YEARS_MS });
    for (const surface of ['for-you', 'popular', 'goes-with', 'buy-again'] as const) {
      const { items } = today.predict({ ...questionAt(nowMs), surface });
      expect(new Set(items).size).toBeGreaterThan(1);
      expect(later.predict({ ...questionAt(nowMs + YEARS_MS), surface }).items).toEqual(items);
    }
  },
);

test.each(trials.map(({ name }) => name))('%s answers the same when read back', async (name) => {
  const trial = byName(name);
  const model = await trial.train(data, context);
  expect(trial.decode(trial.encode(model)).predict(questionAt(nowMs))).toEqual(model.predict(questionAt(nowMs)));
});

test('settings of another day train as they did, and stay with the bytes', async () => {
  const now = byName('ease-own');
  const then = now.withSettings!({ ...now.settings, ownWeight: 0 });
  const [model, other] = [await then.train(data, context), await now.train(data, context)];
  const [asked, answer] = [questionAt(nowMs), model.predict(questionAt(nowMs)).items];
  expect(answer).not.toEqual(other.predict(asked).items);
  expect(now.decode(then.encode(model)).predict(asked).items).toEqual(answer);
});

test('a blend of many items foretells the memory its pairs take, boosted trees over it more', () => {
  const bytes = (name: string) => byName(name).memoryBytes!({ ...data, itemCount: 10_000 }) / 1e9;
  expect(['popularity', 'ease', 'blend', 'boosted'].map(bytes)).toEqual([0, 1, 1.6, 3.6]);
});

test('boosted trees that the past teaches nothing leave the blend as it is', async () => {
  const newest = Math.max(...data.atMs);
  const once = { ...data, atMs: data.atMs.map(() => newest) };
  const [blended, boosted] = [await byName('blend').train(once, context), await byName('boosted').train(once, context)];
  expect(boosted.predict(questionAt(nowMs)).items).toEqual(blended.predict(questionAt(nowMs)).items);
  const { decode, encode } = byName('boosted');
  expect(decode(encode(boosted)).predict(questionAt(nowMs)).items).toEqual(blended.predict(questionAt(nowMs)).items);
});
