import type { CompiledKernels } from './compiled-kernels.ts';
import type { Kernels } from './kernels.ts';
import { instantiateKernels, Layout, takeMemory } from './load-kernels.ts';
import { Team } from './thread-pool.ts';

/** Sessions of a step, and items drawn beside what came next in them: as many as the kernel's tiles divide. */
const BATCH = 120;
const DRAWN = 120;
const CANDIDATES = BATCH + DRAWN;
const FACTOR_MULTIPLE = 24;

/** Ages told apart, as in `assembly/next-item.ts`; of a session the newest items attended to. */
const AGES = 64;
const ATTENDED_MAX = 20;

/** The last epoch's rate, of the first's. */
const LAST_RATE = 0.4;

/** Sessions of items one after the other. */
export interface ItemSessions {
  /** Shape (sessionCount + 1). */
  readonly start: Int32Array;
  readonly items: Int32Array;
}

export interface NextItemOptions {
  /** Rounded up to a multiple of 24. */
  readonly factorCount: number;
  readonly epochCount: number;
  /** Cosines are divided by it: the lower, the more the nearest candidates count. */
  readonly temperature: number;
  readonly learningRate: number;
  /** So many of a session's items are overlooked at a step. */
  readonly overlookedShare: number;
  /** What the newest item counts falls by so much with each later one, to begin with. */
  readonly ageDecay: number;
  /** Candidates' logits are lowered by this power of how often they are candidates. Source: Yi et al. 2019, there 1. */
  readonly frequencyPower: number;
  /** Uniform in [0, 1): the same numbers, the same vectors. */
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
  readonly compiled?: CompiledKernels | undefined;
}

/** What was learned of items and places. */
export interface NextItemVectors {
  readonly factorCount: number;
  /** f32 row-major, shape (itemCount, factorCount): any length. */
  readonly vectors: Float32Array;
  /** f32, shape (itemCount): what an item counts in its session, as a logit. */
  readonly itemLogits: Float32Array;
  /** f32, shape (64): the same of an age, 0 the newest; what is older counts as the oldest does. */
  readonly ageLogits: Float32Array;
}

/**
 * Learns vectors of items such that a session points to what comes next: the mean of its items' vectors, weighed by the softmax of what age and item count, has the
 * largest cosine with the next item's. Steps by AdaGrad over batches of {@link BATCH} places of sessions; candidates are what came next in any of them, and as many
 * items drawn evenly. Some 10 µs a place and epoch for 72 factors, on one thread; 12 bytes · itemCount beside the vectors.
 *
 * Source: Li et al. 2017 (NARM), Liu et al. 2018 (STAMP) for sessions as attended means; Gupta et al. 2019 (NISER) for cosines; Yi et al. 2019 for sampled candidates.
 *
 * @throws RangeError naming the bytes when one memory cannot hold it; the signal's reason when it aborts.
 */
export function trainNextItemVectors(
  sessions: ItemSessions,
  itemCount: number,
  options: NextItemOptions,
): NextItemVectors {
  const descent = new Descent(itemCount, options);
  const places = placesOf(sessions);
  descent.lower(candidateLogits(sessions, places, itemCount, options.frequencyPower));
  for (let epoch = 0; epoch < options.epochCount; epoch++) {
    shuffle(places, options.random);
    const share = options.epochCount > 1 ? epoch / (options.epochCount - 1) : 0;
    const rate = options.learningRate * (1 - share * (1 - LAST_RATE));
    for (let from = 0; from < places.length; from += BATCH) {
      if ((from / BATCH) % 100 === 0) options.signal?.throwIfAborted();
      descent.step(sessions, places, { from, rate });
    }
  }
  return descent.vectors();
}

/** Places of sessions that have any before them, each as its session and itself. */
interface Place {
  readonly session: number;
  readonly place: number;
}

/** What is learned, and a step's room, in a memory of their own. */
class Descent {
  readonly #itemCount: number;
  readonly #factorCount: number;
  readonly #options: NextItemOptions;
  readonly #team: Team;
  readonly #buffer: ArrayBufferLike;
  /** In the order of `assembly/next-item.ts`. */
  readonly #at: readonly number[];
  readonly #start: Int32Array;
  readonly #attended: Int32Array;
  readonly #ages: Int32Array;
  readonly #candidates: Int32Array;

  constructor(itemCount: number, options: NextItemOptions) {
    const factorCount = Math.ceil(options.factorCount / FACTOR_MULTIPLE) * FACTOR_MULTIPLE;
    const layout = new Layout();
    const attendedMax = BATCH * ATTENDED_MAX;
    const counts = [itemCount * factorCount, itemCount, itemCount, itemCount, AGES, AGES, itemCount];
    const indexCounts = [BATCH + 1, attendedMax, attendedMax, CANDIDATES];
    this.#at = [
      ...[...counts, ...indexCounts].map((count) => layout.take(count * 4)),
      layout.take(roomBytes(factorCount, attendedMax, options.compiled)),
    ];
    const memory = takeMemory(layout.sizeBytes, `${factorCount} factors of ${itemCount} items`);
    this.#team = new Team(memory, instantiateKernels(memory, options.compiled));
    this.#buffer = memory.buffer;
    [this.#itemCount, this.#factorCount, this.#options] = [itemCount, factorCount, options];
    const indices = (place: number, count: number) => new Int32Array(this.#buffer, this.#at[place]!, count);
    this.#start = indices(7, BATCH + 1);
    this.#attended = indices(8, attendedMax);
    this.#ages = indices(9, attendedMax);
    this.#candidates = indices(10, CANDIDATES);
    const vectors = this.#f32(0, itemCount * factorCount);
    for (let at = 0; at < vectors.length; at++) vectors[at] = normal(options.random) / Math.sqrt(factorCount);
    const ageLogits = this.#f32(4, AGES);
    for (let age = 0; age < AGES; age++) ageLogits[age] = -options.ageDecay * age;
  }

  /** What the candidates' logits are lowered by. */
  lower(logits: Float32Array): void {
    this.#f32(6, this.#itemCount).set(logits);
  }

  /** A step by the places from one on; after the last follows the first. */
  step(sessions: ItemSessions, places: readonly Place[], { from, rate }: { from: number; rate: number }): void {
    let attendedCount = 0;
    for (let row = 0; row < BATCH; row++) {
      const place = places[(from + row) % places.length]!;
      this.#start[row] = attendedCount;
      attendedCount = this.#attend(sessions, place, attendedCount);
      this.#candidates[row] = sessions.items[place.place]!;
    }
    this.#start[BATCH] = attendedCount;
    for (let of = BATCH; of < CANDIDATES; of++)
      this.#candidates[of] = Math.floor(this.#options.random() * this.#itemCount);
    const { temperature, learningRate } = this.#options;
    this.#team.runAlone('nextItemTask', 1, {
      integers: [...this.#at, this.#factorCount, BATCH, CANDIDATES],
      reals: [1 / temperature, rate, learningRate],
    });
  }

  /** Writes the newest items before a place, some overlooked but never all. Returns where the next session's begin. */
  #attend({ start, items }: ItemSessions, { session, place }: Place, from: number): number {
    const oldest = Math.max(start[session]!, place - ATTENDED_MAX);
    let to = from;
    for (let at = place - 1; at >= oldest; at--) {
      if (place - start[session]! > 1 && this.#options.random() < this.#options.overlookedShare) continue;
      this.#attended[to] = items[at]!;
      this.#ages[to++] = place - 1 - at;
    }
    if (to > from) return to;
    this.#attended[to] = items[place - 1]!;
    this.#ages[to++] = 0;
    return to;
  }

  vectors(): NextItemVectors {
    return {
      factorCount: this.#factorCount,
      vectors: this.#f32(0, this.#itemCount * this.#factorCount).slice(),
      itemLogits: this.#f32(2, this.#itemCount).slice(),
      ageLogits: this.#f32(4, AGES).slice(),
    };
  }

  #f32(place: number, length: number): Float32Array {
    return new Float32Array(this.#buffer, this.#at[place]!, length);
  }
}

function roomBytes(factorCount: number, attendedMax: number, compiled: CompiledKernels | undefined): number {
  const kernels: Kernels = instantiateKernels(takeMemory(0, 'nothing'), compiled);
  return kernels.nextItemRoomBytes(factorCount, BATCH, CANDIDATES, attendedMax);
}

function placesOf({ start }: ItemSessions): Place[] {
  const places: Place[] = [];
  for (let session = 0; session < start.length - 1; session++) {
    for (let place = start[session]! + 1; place < start[session + 1]!; place++) places.push({ session, place });
  }
  return places;
}

/** The logarithm of how often each item is a candidate of a step, times the power. */
function candidateLogits(
  { items }: ItemSessions,
  places: readonly Place[],
  itemCount: number,
  power: number,
): Float32Array {
  const counts = new Float32Array(itemCount);
  for (const { place } of places) counts[items[place]!]!++;
  return counts.map((count) => power * Math.log((count * BATCH) / Math.max(1, places.length) + DRAWN / itemCount));
}

function shuffle(places: Place[], random: () => number): void {
  for (let at = places.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [places[at], places[other]] = [places[other]!, places[at]!];
  }
}

/** Source: Box & Muller 1958. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
