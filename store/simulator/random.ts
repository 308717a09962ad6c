/** A stream of chance that depends on its seed alone. */
export interface Random {
  /** Uniform in [0, 1). */
  unit(): number;
  /** Standard normal. */
  normal(): number;
  /** Integer in [0, below). */
  below(below: number): number;
  /** Poisson with this mean, for means up to a few dozen. */
  count(mean: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** A copy in random order. */
  shuffled<T>(items: readonly T[]): T[];
}

/** sfc32 (Chris Doty-Humphrey, PractRand), its first draws discarded. */
export function randomFrom(seed: number): Random {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const unit = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let i = 0; i < 15; i++) unit();
  return withDraws(unit);
}

function withDraws(unit: () => number): Random {
  const below = (limit: number) => Math.floor(unit() * limit);
  return {
    unit,
    below,
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
    count(mean) {
      const floor = Math.exp(-mean);
      let count = 0;
      for (let product = unit(); product > floor; product *= unit()) count++;
      return count;
    },
    chance: (probability) => unit() < probability,
    pick(from) {
      if (from.length === 0) throw new RangeError('Nothing to pick from');
      return from[below(from.length)] as (typeof from)[number];
    },
    shuffled(items) {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [copy[i], copy[j]] = [copy[j] as (typeof copy)[number], copy[i] as (typeof copy)[number]];
      }
      return copy;
    },
  };
}
