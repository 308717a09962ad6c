import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { seededRandom } from 'relearn/testing';

/** Items of a kind share their takers; each kind has as many. */
const KINDS = 100;
/** Kinds that a user likes, and how much of what they take is of these. */
const [LIKED, LIKED_SHARE] = [3, 0.8];
/** An item is taken in proportion to its rank in its kind to this power. */
const POPULARITY_POWER = -0.8;
/** Deviation of the logarithm of how many items users take. */
const LENGTH_DEVIATION = 0.8;
const LENGTH_MIN = 2;
/** Users asked about, and what they take next. */
const [ASKED, WANTED] = [10_000, 5];

export interface MadeUpListsSize {
  readonly interactionCount: number;
  readonly userCount: number;
  readonly itemCount: number;
  readonly seed: number;
}

/**
 * Writes who took what, a line a user, in no order; and to another file what some of them take next. A user likes three kinds of items, of which one can learn; popular ones
 * are taken far more often, and some users take ten times as much as others. A user takes each item once.
 */
export async function writeMadeUpLists(
  { interactionCount, userCount, itemCount, seed }: MadeUpListsSize,
  paths: { readonly train: string; readonly test: string },
): Promise<void> {
  const random = seededRandom(seed);
  const lengths = lengthsOf(userCount, interactionCount, random);
  const places = cumulative(Math.floor(itemCount / KINDS));
  const askedStep = Math.max(1, Math.floor(userCount / ASKED));
  const [train, test] = [createWriteStream(paths.train), createWriteStream(paths.test)];
  for (let user = 0; user < userCount; user++) {
    const wantedCount = user % askedStep === 0 ? WANTED : 0;
    const items = takenBy(random, { count: wantedCount + lengths[user]!, places });
    for (let place = 0; place < wantedCount; place++) swap(items, place, Math.floor(items.length * random()));
    await write(train, `u${user} ${items.slice(wantedCount).join(' ')}\n`);
    if (wantedCount > 0) await write(test, `u${user} ${items.slice(0, wantedCount).join(' ')}\n`);
  }
  await Promise.all([train, test].map((file) => once(file.end(), 'finish')));
}

/** Log-normal, their sum as asked. */
function lengthsOf(userCount: number, sum: number, random: () => number): Int32Array {
  const raw = Float64Array.from({ length: userCount }, () => Math.exp(LENGTH_DEVIATION * normal(random)));
  const scale = sum / raw.reduce((all, value) => all + value, 0);
  const lengths = Int32Array.from(raw, (value) => Math.max(LENGTH_MIN, Math.round(scale * value)));
  let missing = sum - lengths.reduce((all, value) => all + value, 0);
  for (let user = 0; missing !== 0; user = (user + 1) % userCount) {
    if (missing < 0 && lengths[user]! <= LENGTH_MIN) continue;
    lengths[user]! += Math.sign(missing);
    missing -= Math.sign(missing);
  }
  return lengths;
}

/** So many different items. */
function takenBy(random: () => number, { count, places }: { count: number; places: Float64Array }): number[] {
  const liked = Array.from({ length: LIKED }, () => Math.floor(KINDS * random()));
  const taken = new Set<number>();
  while (taken.size < count) {
    const isLiked = random() < LIKED_SHARE;
    const kind = isLiked ? liked[Math.floor(LIKED * random() ** 2)]! : Math.floor(KINDS * random());
    taken.add(kind + KINDS * drawn(places, random()));
  }
  return [...taken];
}

function swap(items: number[], a: number, b: number): void {
  [items[a], items[b]] = [items[b]!, items[a]!];
}

function cumulative(placeCount: number): Float64Array {
  const sums = new Float64Array(placeCount);
  for (let place = 0, sum = 0; place < placeCount; place++) sums[place] = sum += (place + 1) ** POPULARITY_POWER;
  return sums.map((sum) => sum / sums.at(-1)!);
}

/** The first place whose sum is above a value of 0 to 1. */
function drawn(sums: Float64Array, value: number): number {
  let [from, to] = [0, sums.length - 1];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sums[middle]! > value) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** Source: Box & Muller 1958. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

async function write(file: WriteStream, line: string): Promise<void> {
  if (!file.write(line)) await once(file, 'drain');
}
