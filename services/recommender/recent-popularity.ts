import type { Store } from 'relearn';

/** Log entries that count as recent. */
const RECENT_ROWS = 50_000;

/** How long an answer stands, ms. */
const STALE_MS_MAX = 10_000;

/** Items by how much was done with them lately, most first: what answers before any model can. One scan of the log's end every ten seconds. */
export class RecentPopularity {
  readonly #store: Store;
  readonly #clock: () => number;
  #ranked: readonly number[] = [];
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(store: Store, clock: () => number) {
    this.#store = store;
    this.#clock = clock;
  }

  get ranked(): readonly number[] {
    return this.#ranked;
  }

  isStale(): boolean {
    const ageMs = this.#clock() - this.#readAtMs;
    return ageMs < 0 || ageMs >= STALE_MS_MAX || this.#ranked.length === 0;
  }

  async refresh(): Promise<void> {
    this.#readAtMs = this.#clock();
    const rows = await this.#store
      .prepare<{ item: number }>(
        `SELECT item FROM interactions WHERE sequence > (SELECT max(sequence) FROM interactions) - ${RECENT_ROWS}
         GROUP BY item ORDER BY sum(weight) DESC, item`,
      )
      .all();
    this.#ranked = rows.map(({ item }) => item);
  }
}
