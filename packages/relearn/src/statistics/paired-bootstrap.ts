import { seededRandom } from './seeded-random.ts';

const RESAMPLES = 1_000;

/**
 * Interval of the mean of `a − b`, by resampling units. Both have one value a unit, in the same order; of many units a
 * resample has as many draws.
 *
 * O(RESAMPLES · unitCount); the same seed gives the same interval. @throws RangeError when the lengths differ or are 0.
 *
 * @param level how often such an interval holds the true mean, above 0 and below 1.
 */
export function pairedBootstrap(
  a: Float64Array,
  b: Float64Array,
  seed: number,
  level = 0.95,
): readonly [low: number, high: number] {
  if (a.length !== b.length || a.length === 0) {
    throw new RangeError(`Models are compared on the same units, but these have ${a.length} and ${b.length}.`);
  }
  const difference = a.map((value, unit) => value - b[unit]!);
  const random = seededRandom(seed);
  const means = new Float64Array(RESAMPLES);
  for (let resample = 0; resample < RESAMPLES; resample++) {
    let sum = 0;
    for (let draw = 0; draw < difference.length; draw++) sum += difference[Math.floor(random() * difference.length)]!;
    means[resample] = sum / difference.length;
  }
  means.sort();
  const tail = (1 - level) / 2;
  return [means[Math.floor(tail * RESAMPLES)]!, means[Math.ceil((1 - tail) * RESAMPLES) - 1]!];
}
