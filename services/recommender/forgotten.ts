import type { Store, Tx } from 'relearn';
import { hashId } from './id-set.ts';

/** Somebody who was deleted. What they did up to `throughMs` is never taken again, whoever tells of it. */
export interface Leaver {
  /** As the log calls people. */
  readonly name: string;
  readonly throughMs: number;
}

/** Users never come back under their ids; a guest may, as somebody new. */
export const FOR_GOOD_MS = Number.MAX_SAFE_INTEGER;

interface Row {
  readonly high: number;
  readonly low: number;
  readonly through_ms: number;
}

const write = `
  INSERT INTO forgotten (high, low, through_ms) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET through_ms = excluded.through_ms WHERE through_ms < excluded.through_ms`;

/**
 * Who was deleted, so that what is still on its way when they go (an order's event, a page left open, an import) does not bring them back. Names
 * are kept as 64-bit hashes, of which no name can be read.
 */
export class Forgotten {
  readonly #throughMs = new Map<string, number>();

  /** Whether what this person did then is to be left out. */
  has(name: string, atMs: number): boolean {
    return this.#throughMs.size > 0 && atMs <= (this.#throughMs.get(keyOf(hashId(name))) ?? -1);
  }

  /** Counts at once, also before it is on disk. False when it is on disk already: who has the name now is somebody new. */
  async add(tx: Tx, { name, throughMs }: Leaver): Promise<boolean> {
    const [high, low] = hashId(name);
    this.#note({ high, low, through_ms: throughMs });
    const { changes } = await tx.prepare(write).run(high, low, throughMs);
    return changes > 0;
  }

  async load(store: Store): Promise<void> {
    for (const row of await store.prepare<Row>('SELECT high, low, through_ms FROM forgotten').all()) this.#note(row);
  }

  #note({ high, low, through_ms: throughMs }: Row): void {
    const key = keyOf([high, low]);
    this.#throughMs.set(key, Math.max(throughMs, this.#throughMs.get(key) ?? 0));
  }
}

function keyOf([high, low]: readonly [high: number, low: number]): string {
  return `${high}:${low}`;
}
