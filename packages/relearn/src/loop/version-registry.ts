import { deserialize, serialize } from 'node:v8';
import type { Store, Tx } from '../store/store.ts';
import { versionPromoted } from './ai-contract.ts';
import type { GoldenPrediction } from './golden.ts';
import type { VersionRecord } from './version.ts';

interface VersionRow {
  readonly seq: number;
  readonly record: string;
  readonly golden: Uint8Array;
  readonly state: VersionRecord['state'];
  readonly reason: string | null;
}

/** A version before it has a number. */
export type NewVersion = Omit<VersionRecord, 'id' | 'state'> & { readonly golden: readonly GoldenPrediction[] };

/**
 * The versions of a service and which of them answers, as the store has it. A record never changes; its state does. At most one is
 * champion: it changes in one transaction, which also writes the event.
 */
export class VersionRegistry {
  readonly #store: Store;
  readonly #service: string;

  constructor(store: Store, service: string) {
    this.#store = store;
    this.#service = service;
  }

  async add({ golden, reason, ...record }: NewVersion): Promise<VersionRecord> {
    const sql = "INSERT INTO versions (record, golden, state, reason) VALUES (?, ?, 'ready', ?) RETURNING seq";
    const parameters = [JSON.stringify(record), serialize(golden), reason ?? null] as const;
    const row = await this.#store.transact((tx) => tx.prepare<{ seq: number }>(sql).get(...parameters));
    return (await this.find(`v${row!.seq}`))!;
  }

  async find(id: string): Promise<VersionRecord | undefined> {
    const row = await this.#row(id);
    return row && recordOf(row);
  }

  async golden(id: string): Promise<readonly GoldenPrediction[]> {
    const row = await this.#row(id);
    return row === undefined ? [] : deserialize(row.golden);
  }

  /** Newest first. */
  async list(limit: number): Promise<VersionRecord[]> {
    const rows = await this.#store.prepare<VersionRow>('SELECT * FROM versions ORDER BY seq DESC LIMIT ?').all(limit);
    return rows.map(recordOf);
  }

  async champion(): Promise<VersionRecord | undefined> {
    const row = await this.#store.prepare<VersionRow>("SELECT * FROM versions WHERE state = 'champion'").get();
    return row && recordOf(row);
  }

  /** Makes a version the champion and publishes it. Nothing happens when it is one already. */
  async promote({ id, trial }: VersionRecord, atMs: number): Promise<void> {
    await this.#store.transact(async (tx) => {
      const was = await tx.prepare<VersionRow>("SELECT * FROM versions WHERE state = 'champion'").get();
      if (was !== undefined && was.seq === seqOf(id)) return;
      if (was !== undefined) await setState(tx, `v${was.seq}`, 'retired');
      await setState(tx, id, 'champion');
      const previous = was === undefined ? null : `v${was.seq}`;
      await tx.publish(versionPromoted, { service: this.#service, version: id, trial, previous, atMs });
    });
  }

  async refuse(id: string, reason: string): Promise<void> {
    await this.#store.transact((tx) => setState(tx, id, 'refused', reason));
  }

  /** Keeps a reason with a version that stays as it is. */
  async explain(id: string, reason: string): Promise<void> {
    await this.#store.transact((tx) =>
      tx.prepare('UPDATE versions SET reason = ? WHERE seq = ?').run(reason, seqOf(id)),
    );
  }

  async #row(id: string): Promise<VersionRow | undefined> {
    return this.#store.prepare<VersionRow>('SELECT * FROM versions WHERE seq = ?').get(seqOf(id));
  }
}

async function setState(tx: Tx, id: string, state: VersionRecord['state'], reason?: string): Promise<void> {
  await tx.prepare('UPDATE versions SET state = ?, reason = ? WHERE seq = ?').run(state, reason ?? null, seqOf(id));
}

/** −1, which no version has, for what is no version's id. */
function seqOf(id: string): number {
  return /^v[1-9]\d{0,14}$/.test(id) ? Number(id.slice(1)) : -1;
}

function recordOf({ seq, record, state, reason }: VersionRow): VersionRecord {
  return { id: `v${seq}`, ...JSON.parse(record), state, ...(reason === null ? {} : { reason }) };
}
