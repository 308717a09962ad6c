import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../statistics/seeded-random.ts';
import { compiledKernels, type KernelVariant, kernelVariants } from './compiled-kernels.ts';
import { instantiateKernels, Layout, takeMemory } from './load-kernels.ts';
import { type NextItemBatch, type NextItemState, nextItemStepReference } from './next-item-reference.ts';
import { trainNextItemVectors } from './next-item-vectors.ts';
import { Team } from './thread-pool.ts';

const AGES = 64;
const rates = { temperature: 0.2, vectors: 0.05, logits: 0.03 };

interface Shape {
  readonly factorCount: number;
  readonly batch: number;
  readonly drawn: number;
  readonly itemCount: number;
}

function randomStep({ factorCount, batch, drawn, itemCount }: Shape, seed: number) {
  const random = seededRandom(seed);
  const numbers = (count: number, scale: number) =>
    Array.from({ length: count }, () => Math.fround((random() - 0.5) * scale));
  const item = () => Math.floor(random() * itemCount);
  const state: NextItemState = {
    vectors: Array.from({ length: itemCount }, () => numbers(factorCount, 1)),
    vectorPasts: numbers(itemCount, 1).map(Math.abs),
    itemLogits: numbers(itemCount, 1),
    itemPasts: numbers(itemCount, 0.1).map(Math.abs),
    ageLogits: numbers(AGES, 1),
    agePasts: numbers(AGES, 0.1).map(Math.abs),
  };
  const session = () => Array.from({ length: 1 + Math.floor(random() * 4) }, (_, age) => ({ item: item(), age }));
  const step: NextItemBatch = {
    sessions: Array.from({ length: batch }, session),
    candidates: Array.from({ length: batch + drawn }, item),
    lowered: numbers(itemCount, 2),
  };
  return { state, step };
}

/** The kernel's step on a copy of the state. */
function stepped(state: NextItemState, { sessions, candidates, lowered }: NextItemBatch, variant: KernelVariant) {
  const attended = sessions.flat();
  const starts = [0];
  for (const { length } of sessions) starts.push(starts.at(-1)! + length);
  const reals = [
    state.vectors.flat(),
    state.vectorPasts,
    state.itemLogits,
    state.itemPasts,
    state.ageLogits,
    state.agePasts,
    lowered,
  ];
  const indices = [starts, attended.map(({ item }) => item), attended.map(({ age }) => age), candidates];
  const layout = new Layout();
  const at = [...reals, ...indices].map(({ length }) => layout.take(length * 4));
  const shape = [state.vectors[0]!.length, sessions.length, candidates.length] as const;
  const scratch = instantiateKernels(takeMemory(0, 'nothing'));
  const room = layout.take(scratch.nextItemRoomBytes(...shape, attended.length));
  const memory = takeMemory(layout.sizeBytes, 'A test');
  const views = reals.map((values, place) => {
    const view = new Float32Array(memory.buffer, at[place], values.length);
    view.set(values);
    return view;
  });
  for (const [place, values] of indices.entries()) {
    new Int32Array(memory.buffer, at[reals.length + place], values.length).set(values);
  }
  const team = new Team(memory, instantiateKernels(memory, compiledKernels(variant)));
  const { temperature, vectors, logits } = rates;
  team.runAlone('nextItemTask', 1, { integers: [...at, room, ...shape], reals: [1 / temperature, vectors, logits] });
  return views;
}

const shapes = fc.record({
  factorCount: fc.constantFrom(24, 48),
  batch: fc.constantFrom(24, 48),
  drawn: fc.constantFrom(0, 24, 48),
  itemCount: fc.integer({ min: 2, max: 60 }),
});

test.each(kernelVariants)('steps as the reference does: %s', (variant) => {
  fc.assert(
    fc.property(shapes, fc.nat(1_000), (shape, seed) => {
      const { state, step } = randomStep(shape, seed);
      const found = stepped(state, step, variant);
      nextItemStepReference(state, step, rates);
      const { vectors, vectorPasts, itemLogits, itemPasts, ageLogits, agePasts } = state;
      const wanted = [vectors.flat(), vectorPasts, itemLogits, itemPasts, ageLogits, agePasts];
      for (const [place, values] of wanted.entries()) {
        for (const [at, value] of values.entries()) {
          expect(Math.abs(found[place]![at]! - value)).toBeLessThan(2e-3 * (1 + Math.abs(value)));
        }
      }
    }),
    { numRuns: 12 },
  );
});

const settings = {
  factorCount: 20,
  epochCount: 8,
  temperature: 0.1,
  learningRate: 0.05,
  overlookedShare: 0.1,
  ageDecay: 0.3,
  frequencyPower: 0.5,
};

const optionsOf = (seed: number) => ({ ...settings, random: seededRandom(seed) });

/** Sessions go round: after each item comes the next. What was before it is drawn at random. */
function rounds(itemCount: number) {
  const random = seededRandom(2);
  const items = Array.from({ length: 600 }, () => {
    const last = Math.floor(random() * itemCount);
    return [Math.floor(random() * itemCount), last, (last + 1) % itemCount];
  });
  return { start: Int32Array.from({ length: 601 }, (_, at) => 3 * at), items: Int32Array.from(items.flat()) };
}

test('an item points to what comes after it; the same for the same seed', () => {
  const learned = trainNextItemVectors(rounds(20), 20, optionsOf(1));
  expect(learned.factorCount).toBe(24);
  expect(trainNextItemVectors(rounds(20), 20, optionsOf(1))).toEqual(learned);
  expect(trainNextItemVectors(rounds(20), 20, optionsOf(2))).not.toEqual(learned);
  const vector = (item: number) => learned.vectors.subarray(item * 24, (item + 1) * 24);
  const cosine = (a: number, b: number) =>
    vector(a).reduce((sum, value, k) => sum + value * vector(b)[k]!, 0) /
    Math.hypot(...vector(a)) /
    Math.hypot(...vector(b));
  for (let item = 0; item < 20; item++)
    expect(cosine(item, (item + 1) % 20)).toBeGreaterThan(cosine(item, (item + 7) % 20));
  expect(learned.ageLogits[0]).toBeGreaterThan(learned.ageLogits[1]! + 0.3);
});

test('names the limit before it takes memory, and stops when told to', () => {
  const none = { start: Int32Array.of(0), items: new Int32Array(0) };
  expect(() => trainNextItemVectors(none, 50_000_000, optionsOf(1))).toThrow(
    /24 factors of 50000000 items would take \d+\.\d+ GiB; one WebAssembly memory holds/,
  );
  const signal = AbortSignal.abort(new Error('enough'));
  expect(() => trainNextItemVectors(rounds(20), 20, { ...optionsOf(1), signal })).toThrow('enough');
});
