import { emptyHeap, replaceWorst } from './best-heap';

/** Items side by side in a group: four vectors of four. */
const GROUP: i32 = 16;

/**
 * Finds the items of highest approximate dot product: `scale · (Σ query[f] · item[f] + offset)`, each item with a scale of its own. A block is left out
 * where not even its longest item, in the query's own direction, would be kept.
 *
 * @param items  for each group the scales, f32, shape (16), then u8, shape (quads, 16 items, 4 factors), values 0 to 127.
 * @param query  i8, shape (quads, 4).
 * @param offset i32, added to each sum: what shifting the items to 0 and above took from it.
 * @param most   f32, shape (blockCount): what an item of the block can reach.
 * @param excluded bits, shape (groupCount · 16 / 8): 1 leaves a place out.
 * @param scores f32, shape (keep), and
 * @param places i32, shape (keep): what is kept, a heap; then room for the scores of a group. Place −1 where fewer were found.
 */
export function scanItems(
  items: usize,
  groupCount: i32,
  groupsPerBlock: i32,
  quads: i32,
  query: usize,
  offset: i32,
  most: usize,
  excluded: usize,
  keep: i32,
  scores: usize,
  places: usize,
): void {
  const groupBytes = (<usize>quads + 1) << 6;
  emptyHeap(keep, scores, places);
  const sums = places + ((<usize>keep) << 2);
  for (let block = 0; block < groupCount; block += groupsPerBlock, most += 4) {
    if (load<f32>(most) <= load<f32>(scores)) continue;
    const end = min(block + groupsPerBlock, groupCount);
    for (let group = block; group < end; group++) {
      const hits = scanGroup(items + <usize>group * groupBytes, quads, query, offset, load<f32>(scores), sums);
      if (hits) keepHits(hits, group, sums, excluded, keep, scores, places);
    }
  }
}

/** Sums one group. @returns a bit for each item that beats the worst kept; then the scores lie at `sums`. */
// @ts-ignore: decorator
@inline
function scanGroup(
  items: usize,
  quads: i32,
  query: usize,
  offset: i32,
  worst: f32,
  sums: usize,
): i32 {
  const scales = items;
  items += 64;
  let a = i32x4.splat(offset), b = a, c = a, d = a;
  const end = query + ((<usize>quads) << 2);
  for (; query < end; query += 4, items += 64) {
    const factors = v128.load32_splat(query);
    a = dotAdd(factors, v128.load(items), a);
    b = dotAdd(factors, v128.load(items, 16), b);
    c = dotAdd(factors, v128.load(items, 32), c);
    d = dotAdd(factors, v128.load(items, 48), d);
  }
  const bar = f32x4.splat(worst);
  a = f32x4.mul(f32x4.convert_i32x4_s(a), v128.load(scales));
  b = f32x4.mul(f32x4.convert_i32x4_s(b), v128.load(scales, 16));
  c = f32x4.mul(f32x4.convert_i32x4_s(c), v128.load(scales, 32));
  d = f32x4.mul(f32x4.convert_i32x4_s(d), v128.load(scales, 48));
  const over = v128.or(v128.or(f32x4.gt(a, bar), f32x4.gt(b, bar)), v128.or(f32x4.gt(c, bar), f32x4.gt(d, bar)));
  if (!v128.any_true(over)) return 0;
  v128.store(sums, a);
  v128.store(sums, b, 16);
  v128.store(sums, c, 32);
  v128.store(sums, d, 48);
  return (
    i32x4.bitmask(f32x4.gt(a, bar)) |
    (i32x4.bitmask(f32x4.gt(b, bar)) << 4) |
    (i32x4.bitmask(f32x4.gt(c, bar)) << 8) |
    (i32x4.bitmask(f32x4.gt(d, bar)) << 12)
  );
}

/** `sum + a · b` in groups of four bytes: `a` −127 to 127, `b` 0 to 127, so that no runtime's instructions saturate. */
// @ts-ignore: decorator
@inline
function dotAdd(a: v128, b: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_dot_i8x16_i7x16_add_s(a, b, sum);
  const low = i16x8.extmul_low_i8x16_s(a, b);
  const high = i16x8.extmul_high_i8x16_s(a, b);
  const even = v128.shuffle<i16>(low, high, 0, 2, 4, 6, 8, 10, 12, 14);
  const odd = v128.shuffle<i16>(low, high, 1, 3, 5, 7, 9, 11, 13, 15);
  return i32x4.add(sum, i32x4.extadd_pairwise_i16x8_s(i16x8.add(even, odd)));
}

function keepHits(hits: i32, group: i32, sums: usize, excluded: usize, keep: i32, scores: usize, places: usize): void {
  const barred = <i32>load<u16>(excluded + ((<usize>group) << 1));
  for (hits &= ~barred; hits; hits &= hits - 1) {
    const lane = ctz(hits);
    const score = load<f32>(sums + ((<usize>lane) << 2));
    if (score > load<f32>(scores)) replaceWorst(score, group * GROUP + lane, keep, scores, places);
  }
}
