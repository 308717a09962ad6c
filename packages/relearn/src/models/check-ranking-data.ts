import type { RankingData } from './ranking.ts';

/** Data that no model can learn from; the message names row and value. */
export class RankingDataInvalid extends RangeError {
  override readonly name = 'RankingDataInvalid';
}

/** So many items take 256 MiB for the scores of one answer. */
export const ITEMS_MAX = 2 ** 26;
export const USERS_MAX = 2 ** 28;

/** Weights between which squares, and sums of them, stay finite in f32. */
export const WEIGHT_MIN = 1e-12;
export const WEIGHT_MAX = 1e12;

/**
 * The entrance of every model: what `RankingData` promises is so. O(rows), about 5 ms a million.
 *
 * @throws RankingDataInvalid naming the first row that is not.
 * @throws RangeError when there are more users or items than fit, naming the memory that they would take.
 */
export function checkRankingData(data: RankingData): void {
  const { userCount, itemCount, users, items, atMs, weights } = data;
  checkCount('items', itemCount, ITEMS_MAX);
  checkCount('users', userCount, USERS_MAX);
  checkLengths(data);
  const isTimed = !Number.isNaN(atMs[0]);
  let [userBefore, msBefore] = [0, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < users.length; row++) {
    const user = users[row]!;
    const item = items[row]!;
    const weight = weights[row]!;
    const ms = atMs[row]!;
    const isInside = user >= userBefore && user < userCount && item >= 0 && item < itemCount;
    const isAfter = isTimed ? Number.isFinite(ms) && (user > userBefore || ms >= msBefore) : Number.isNaN(ms);
    if (!(isInside && isAfter && weight >= WEIGHT_MIN && weight <= WEIGHT_MAX)) throw flawOf(data, row, isTimed);
    userBefore = user;
    msBefore = ms;
  }
}

function flawOf(
  { userCount, itemCount, users, items, atMs, weights }: RankingData,
  row: number,
  isTimed: boolean,
): RankingDataInvalid {
  const before = users[row - 1] ?? 0;
  const [user, item, weight] = [users[row]!, items[row]!, weights[row]!];
  if (user < before || user >= userCount) return invalid(row, 'user', user, `${before} to ${userCount - 1}, ascending`);
  if (item < 0 || item >= itemCount) return invalid(row, 'item', item, `0 to ${itemCount - 1}`);
  if (!(weight >= WEIGHT_MIN && weight <= WEIGHT_MAX))
    return invalid(row, 'weight', weight, `${WEIGHT_MIN} to ${WEIGHT_MAX}`);
  if (isTimed ? !Number.isFinite(atMs[row]) : !Number.isNaN(atMs[row]))
    return invalid(row, 'time', atMs[row]!, 'known for all rows, or NaN for all');
  return invalid(row, 'time', atMs[row]!, `not before the user's row above it, ${atMs[row - 1]}`);
}

function checkCount(what: string, count: number, max: number): void {
  if (Number.isInteger(count) && count >= 0 && count <= max) return;
  const gibibytes = (4 * count) / 1024 ** 3;
  throw new RangeError(
    `${count} ${what} do not fit: one number for each would take ${gibibytes.toFixed(1)} GiB; at most ${max} do.`,
  );
}

function checkLengths({ users, items, atMs, weights, baskets }: RankingData): void {
  for (const [name, { length }] of Object.entries({ items, atMs, weights, baskets })) {
    if (length !== users.length)
      throw new RankingDataInvalid(`Column ${name} has ${length} rows where users has ${users.length}.`);
  }
}

function invalid(row: number, what: string, value: number, must: string): RankingDataInvalid {
  return new RankingDataInvalid(`Row ${row} has ${what} ${value}; it must be ${must}.`);
}
