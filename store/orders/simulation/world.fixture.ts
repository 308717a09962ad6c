import { seededRandom } from 'relearn/testing';

/** How rough a run is. Shares are of messages or steps, 0 to 1. */
export interface Weather {
  readonly lostShare: number;
  readonly doubledShare: number;
  readonly delayMsMax: number;
  /** Of the moments before and after each step of a process. */
  readonly crashShare: number;
}

interface Due {
  readonly atMs: number;
  readonly seq: number;
  readonly happen: () => void;
}

/** Time, chance and a network that loses, doubles, delays and reorders: the same for the same seed. */
export class World {
  nowMs = 0;
  readonly weather: Weather;
  readonly random: () => number;
  #seq = 0;
  readonly #due: Due[] = [];

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.weather = {
      lostShare: this.random() * 0.4,
      doubledShare: this.random() * 0.4,
      delayMsMax: 10 ** (1 + this.random() * 4),
      crashShare: this.random() * 0.05,
    };
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  after(delayMs: number, happen: () => void): void {
    this.#due.push({ atMs: this.nowMs + delayMs, seq: this.#seq++, happen });
  }

  /** Lets everything happen in its order, `check` after each. @throws Error when it does not come to rest. */
  run(check: () => void, happeningsMax = 50_000): void {
    for (let count = 0; this.#due.length > 0; count++) {
      if (count === happeningsMax) throw new Error('It does not come to rest.');
      const next = this.#takeNext();
      this.nowMs = next.atMs;
      next.happen();
      check();
    }
  }

  /** Carries something one way: not at all, once or twice, each after a while of its own. */
  carry(arrive: () => void): void {
    const { lostShare, doubledShare, delayMsMax } = this.weather;
    if (this.chance(lostShare)) return;
    for (let copies = this.chance(doubledShare) ? 2 : 1; copies > 0; copies--) {
      this.after(this.random() * delayMsMax, arrive);
    }
  }

  #takeNext(): Due {
    let first = 0;
    for (const [index, { atMs, seq }] of this.#due.entries()) {
      const best = this.#due[first]!;
      if (atMs < best.atMs || (atMs === best.atMs && seq < best.seq)) first = index;
    }
    return this.#due.splice(first, 1)[0]!;
  }
}

/** A process: what is on its disk stays, what it was doing is gone when it is killed. */
export class Process {
  readonly #world: World;
  readonly #restart: () => void;
  #life = 0;
  #isUp = true;

  constructor(world: World, restart: () => void = () => undefined) {
    this.#world = world;
    this.#restart = restart;
  }

  /** Work of this life: it does nothing once the process was killed. */
  step<Arguments extends unknown[]>(work: (...given: Arguments) => void): (...given: Arguments) => void {
    const life = this.#life;
    return (...given) => {
      if (life === this.#life) this.take(() => work(...given));
    };
  }

  /** Takes what comes, if it is up. It may be killed before it or after it. */
  take(work: () => void): void {
    if (!this.#isUp || this.#mayBeKilled()) return;
    work();
    this.#mayBeKilled();
  }

  #mayBeKilled(): boolean {
    if (!this.#world.chance(this.#world.weather.crashShare)) return false;
    this.#life++;
    this.#isUp = false;
    this.#world.after(this.#world.random() * 20_000, () => {
      this.#isUp = true;
      this.#restart();
    });
    return true;
  }
}

/** A question over the network and its answer, which is heard only in the life that asked. */
export function ask<Answer>(
  world: World,
  { from, to }: { from: Process; to: Process },
  question: () => Answer,
  answered: (answer: Answer) => void,
): void {
  const hear = from.step(answered);
  world.carry(() =>
    to.take(() => {
      const answer = question();
      world.carry(() => hear(answer));
    }),
  );
}
