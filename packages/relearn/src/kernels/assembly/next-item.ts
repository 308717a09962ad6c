import { exponential, exponentialOf } from './exponential';
import { multiplyAdd } from './multiply-add';
import { COLUMNS, ROWS } from './register-tile';
import { address, integer, real } from './round';
import { NO_TRIANGLE, packColumns, packRows, packTransposed, setProduct } from './tile-product';

/*
 * One step of stochastic gradient descent for vectors of items such that a session points to what comes next. A session is the weighted mean of its items' vectors; the
 * weights are the softmax of what an item's place and the item itself count. The loss is the cross entropy of the softmax of cosines over candidates: what came next in
 * each session of the batch, and others. What a step is told, by places:
 *
 * 0 vectors f32 (itemCount, factorCount); 1 what each item's squared gradients sum up to so far; 2 what each item counts, and 3 its squared gradients; 4 what each age
 * counts, and 5 its squared gradients, AGES of each; 6 by how much the logit of each item is lowered; 7 starts of the sessions among the attended, i32 (batch + 1);
 * 8 attended items and 9 their ages, 0 the newest; 10 candidates, those that came next first; 11 room; 12 factorCount, 13 batch and 14 candidate count: multiples of 24.
 * Reals: 1 / temperature, rate of the vectors, rate of what counts.
 */

const AGES: i32 = 64;
const TINY: f32 = 1e-12;

// @ts-ignore: decorator
@inline
function at(base: usize, place: i32): usize {
  return base + ((<usize>place) << 2);
}

/** Bytes of room that a step takes. */
export function nextItemRoomBytes(factorCount: i32, batch: i32, candidateCount: i32, attendedMax: i32): i32 {
  const matrices = 2 * factorCount * (batch + candidateCount) + 2 * batch * candidateCount;
  const packed = (batch + candidateCount) * max(factorCount, max(batch, candidateCount));
  return 4 * (matrices + packed + batch + candidateCount + 2 * attendedMax + AGES + 16);
}

export function nextItemTask(_task: i32): void {
  const factorCount = integer(12), batch = integer(13), candidateCount = integer(14);
  const sessions = address(11);
  const candidates = at(sessions, batch * factorCount);
  const sessionSlopes = at(candidates, candidateCount * factorCount);
  const candidateSlopes = at(sessionSlopes, batch * factorCount);
  const logits = at(candidateSlopes, candidateCount * factorCount);
  const sessionLengths = at(logits, batch * candidateCount);
  const candidateLengths = at(sessionLengths, batch);
  const ages = at(candidateLengths, candidateCount);
  const weights = at(ages, AGES);
  const attendedCount = load<i32>(at(address(7), batch));
  const slopes = at(weights, attendedCount);
  const left = (at(slopes, attendedCount) + 15) & ~15;
  const right = at(left, batch * max(factorCount, candidateCount));

  for (let row = 0; row < batch; row++) {
    const session = at(sessions, row * factorCount);
    attend(row, weights, session, factorCount);
    store<f32>(at(sessionLengths, row), normalise(session, factorCount));
  }
  for (let place = 0; place < candidateCount; place++) {
    const candidate = at(candidates, place * factorCount);
    const vector = at(address(0), load<i32>(at(address(10), place)) * factorCount);
    memory.copy(candidate, vector, (<usize>factorCount) << 2);
    store<f32>(at(candidateLengths, place), normalise(candidate, factorCount));
  }
  packTransposed(sessions, factorCount, factorCount, batch, left, ROWS, ROWS);
  packTransposed(candidates, factorCount, factorCount, candidateCount, right, COLUMNS, COLUMNS);
  setProduct(logits, candidateCount, left, right, factorCount, batch, candidateCount, NO_TRIANGLE);

  for (let row = 0; row < batch; row++) softmaxSlopes(at(logits, row * candidateCount), row, candidateCount);

  packTransposed(logits, candidateCount, candidateCount, batch, left, ROWS, ROWS);
  packColumns(candidates, factorCount, candidateCount, factorCount, right);
  setProduct(sessionSlopes, factorCount, left, right, candidateCount, batch, factorCount, NO_TRIANGLE);
  packRows(logits, candidateCount, batch, candidateCount, left);
  packColumns(sessions, factorCount, batch, factorCount, right);
  setProduct(candidateSlopes, factorCount, left, right, batch, candidateCount, factorCount, NO_TRIANGLE);

  for (let row = 0; row < batch; row++) {
    const slope = at(sessionSlopes, row * factorCount);
    throughLength(slope, at(sessions, row * factorCount), load<f32>(at(sessionLengths, row)), factorCount);
    weightSlopes(row, slope, weights, slopes, factorCount);
  }
  for (let place = 0; place < candidateCount; place++) {
    const slope = at(candidateSlopes, place * factorCount);
    throughLength(slope, at(candidates, place * factorCount), load<f32>(at(candidateLengths, place)), factorCount);
  }
  for (let place = 0; place < candidateCount; place++) {
    descend(load<i32>(at(address(10), place)), at(candidateSlopes, place * factorCount), 1, factorCount);
  }
  memory.fill(ages, 0, (<usize>AGES) << 2);
  for (let row = 0; row < batch; row++) {
    const slope = at(sessionSlopes, row * factorCount);
    for (let place = load<i32>(at(address(7), row)); place < load<i32>(at(address(7), row + 1)); place++) {
      const item = load<i32>(at(address(8), place));
      descend(item, slope, load<f32>(at(weights, place)), factorCount);
      const own = load<f32>(at(slopes, place));
      descendOne(at(address(2), item), at(address(3), item), own);
      const age = at(ages, load<i32>(at(address(9), place)));
      store<f32>(age, load<f32>(age) + own);
    }
  }
  for (let age = 0; age < AGES; age++) {
    descendOne(at(address(4), age), at(address(5), age), load<f32>(at(ages, age)) / <f32>batch);
  }
}

/** The session: the mean of its items' vectors, weighed by the softmax of what they count. */
function attend(row: i32, weights: usize, session: usize, factorCount: i32): void {
  const from = load<i32>(at(address(7), row)), end = load<i32>(at(address(7), row + 1));
  let most = -f32.MAX_VALUE;
  for (let place = from; place < end; place++) {
    const item = load<i32>(at(address(8), place)), age = load<i32>(at(address(9), place));
    const counts = load<f32>(at(address(2), item)) + load<f32>(at(address(4), age));
    store<f32>(at(weights, place), counts);
    most = max(most, counts);
  }
  let sum: f32 = 0;
  for (let place = from; place < end; place++) {
    const weight = exponentialOf(load<f32>(at(weights, place)) - most);
    store<f32>(at(weights, place), weight);
    sum += weight;
  }
  memory.fill(session, 0, (<usize>factorCount) << 2);
  for (let place = from; place < end; place++) {
    const weight = load<f32>(at(weights, place)) / sum;
    store<f32>(at(weights, place), weight);
    add(session, at(address(0), load<i32>(at(address(8), place)) * factorCount), weight, factorCount);
  }
}

/** Brings a vector to length 1; returns what it was. */
function normalise(vector: usize, factorCount: i32): f32 {
  const length = max(<f32>Math.sqrt(dot(vector, vector, factorCount)), TINY);
  const scale = f32x4.splat(<f32>1 / length);
  const end = at(vector, factorCount);
  for (; vector < end; vector += 16) v128.store(vector, f32x4.mul(v128.load(vector), scale));
  return length;
}

/** Cosines become the slopes of the loss by each: the candidate's share less 1 for what came next, over the temperature. */
function softmaxSlopes(logits: usize, row: i32, candidateCount: i32): void {
  const wanted = load<i32>(at(address(10), row));
  const inverse = real(0);
  let most = -f32.MAX_VALUE;
  for (let place = 0; place < candidateCount; place++) {
    const item = load<i32>(at(address(10), place));
    const isTwin = item == wanted && place != row;
    const logit: f32 = isTwin
      ? -1e9
      : load<f32>(at(logits, place)) * inverse - load<f32>(at(address(6), item));
    store<f32>(at(logits, place), logit);
    most = max(most, logit);
  }
  let sums = f32x4.splat(0);
  for (let place = 0; place < candidateCount; place += 4) {
    const e = exponential(f32x4.sub(v128.load(at(logits, place)), f32x4.splat(most)));
    v128.store(at(logits, place), e);
    sums = f32x4.add(sums, e);
  }
  const scale = inverse / sumOf(sums);
  for (let place = 0; place < candidateCount; place += 4) {
    v128.store(at(logits, place), f32x4.mul(v128.load(at(logits, place)), f32x4.splat(scale)));
  }
  store<f32>(at(logits, row), load<f32>(at(logits, row)) - inverse);
}

/** A slope by a vector of length 1 becomes that by the vector before: what lies along it counts for nothing. */
function throughLength(slope: usize, unit: usize, length: f32, factorCount: i32): void {
  add(slope, unit, -dot(slope, unit, factorCount), factorCount);
  const scale = f32x4.splat(<f32>1 / length);
  const end = at(slope, factorCount);
  for (; slope < end; slope += 16) v128.store(slope, f32x4.mul(v128.load(slope), scale));
}

/** The slopes by what each attended item counts. */
function weightSlopes(row: i32, slope: usize, weights: usize, slopes: usize, factorCount: i32): void {
  const from = load<i32>(at(address(7), row)), end = load<i32>(at(address(7), row + 1));
  let mean: f32 = 0;
  for (let place = from; place < end; place++) {
    const along = dot(slope, at(address(0), load<i32>(at(address(8), place)) * factorCount), factorCount);
    store<f32>(at(slopes, place), along);
    mean += along * load<f32>(at(weights, place));
  }
  for (let place = from; place < end; place++) {
    store<f32>(at(slopes, place), (load<f32>(at(slopes, place)) - mean) * load<f32>(at(weights, place)));
  }
}

/** A step down for an item's vector, by its own past slopes. Source: Duchi, Hazan & Singer 2011 (AdaGrad), one rate a vector. */
function descend(item: i32, slope: usize, weight: f32, factorCount: i32): void {
  const past = at(address(1), item);
  const squares = dot(slope, slope, factorCount) * weight * weight;
  const sum = load<f32>(past) + squares / <f32>factorCount;
  store<f32>(past, sum);
  if (sum <= 0) return;
  add(at(address(0), item * factorCount), slope, (-real(1) * weight) / <f32>Math.sqrt(sum), factorCount);
}

/** The same for one number. */
function descendOne(value: usize, past: usize, slope: f32): void {
  const sum = load<f32>(past) + slope * slope;
  store<f32>(past, sum);
  if (sum > 0) store<f32>(value, load<f32>(value) - (real(2) * slope) / <f32>Math.sqrt(sum));
}

// @ts-ignore: decorator
@inline
function add(target: usize, vector: usize, weight: f32, factorCount: i32): void {
  const scale = f32x4.splat(weight);
  const end = at(target, factorCount);
  for (; target < end; target += 16, vector += 16) {
    v128.store(target, multiplyAdd(v128.load(vector), scale, v128.load(target)));
  }
}

// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, factorCount: i32): f32 {
  let even = f32x4.splat(0), odd = f32x4.splat(0);
  const end = at(a, factorCount);
  for (; a < end; a += 32, b += 32) {
    even = multiplyAdd(v128.load(a), v128.load(b), even);
    odd = multiplyAdd(v128.load(a, 16), v128.load(b, 16), odd);
  }
  return sumOf(f32x4.add(even, odd));
}

// @ts-ignore: decorator
@inline
function sumOf(lanes: v128): f32 {
  return (
    f32x4.extract_lane(lanes, 0) +
    f32x4.extract_lane(lanes, 1) +
    f32x4.extract_lane(lanes, 2) +
    f32x4.extract_lane(lanes, 3)
  );
}
