import type { Logger } from 'pino';
import { insertMany, type Store } from '../store/index.ts';
import type { LoggedDecision } from './decision.ts';

/** Longest time between a decision and its being written, ms, while the disk keeps up: what a crash can lose. */
export const DECISION_LOSS_MS_MAX = 200;

const FLUSH_EVERY_MS = 50;
const FLUSH_ROWS = 2_000;
const WAITING_MAX = 50_000;
const FORGET_EVERY_MS = 3_600_000;
const FORGET_ROWS = 5_000;
/** Sorts after every id. */
const LAST_ID = 'g';
const DROP_SHOWN_MS = 60_000;

interface DecisionRow {
  readonly id: string;
  readonly at_ms: number;
  readonly unit: string;
  readonly surface: string;
  readonly version: string | null;
  readonly degraded: number;
  readonly feature_revision: number;
  readonly features: string;
  readonly output: string;
}

/** What a row holds, in the order of its columns; features and output are JSON already, so that nothing else is kept alive until it is written. */
type DecisionValues = DecisionRow[keyof DecisionRow][];

const COLUMNS = ['id', 'at_ms', 'unit', 'surface', 'version', 'degraded', 'feature_revision', 'features', 'output'];
const UNIT = COLUMNS.indexOf('unit');
const SELECT = 'SELECT * FROM decisions WHERE id = ?';
const FORGET_UNITS = 'DELETE FROM decisions WHERE unit IN (SELECT value FROM json_each(?)) AND id > ? AND id <= ?';
const FORGET_OLD = 'DELETE FROM decisions WHERE id IN (SELECT id FROM decisions WHERE id < ? ORDER BY id LIMIT ?)';

export interface DecisionLogOptions {
  readonly store: Store;
  readonly clock: () => number;
  readonly log: Logger;
  /** Age at which decisions are forgotten, ms. */
  readonly keepMs: number;
}

/**
 * Keeps decisions, written behind in batches: every 50 ms or 2,000 rows.
 *
 * 1. `append` never waits and never throws.
 * 2. A batch that cannot be written is kept and tried again, so that a full disk loses nothing while memory lasts.
 * 3. Past 50,000 waiting decisions new ones are dropped, counted, and shown by {@link fault}.
 */
export class DecisionLog {
  readonly #options: DecisionLogOptions;
  readonly #timer: NodeJS.Timeout;
  #waiting: DecisionValues[] = [];
  #writing: readonly DecisionValues[] = [];
  #flushing: Promise<void> | undefined;
  #failure: string | undefined;
  #droppedCount = 0;
  #droppedBecause = '';
  #droppedAtMs = Number.NEGATIVE_INFINITY;
  #forgottenAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: DecisionLogOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS);
    this.#timer.unref();
  }

  get droppedCount(): number {
    return this.#droppedCount;
  }

  get waitingCount(): number {
    return this.#waiting.length + this.#writing.length;
  }

  append(decision: LoggedDecision): void {
    if (this.waitingCount >= WAITING_MAX) {
      this.#drop('Decisions came faster than they could be written');
      return;
    }
    try {
      this.#waiting.push(valuesOf(decision));
    } catch (error) {
      this.#drop(`Decisions are no JSON (${(error as Error).message})`);
    }
    if (this.#waiting.length === FLUSH_ROWS && this.#failure === undefined) setImmediate(() => void this.flush());
  }

  #drop(because: string): void {
    this.#droppedCount++;
    this.#droppedBecause = because;
    this.#droppedAtMs = this.#options.clock();
  }

  /** Why decisions are not kept as they should be. */
  fault(): string | undefined {
    if (this.#options.clock() - this.#droppedAtMs < DROP_SHOWN_MS) {
      return `${this.#droppedBecause}: ${this.#droppedCount} were not logged.`;
    }
    return this.#failure;
  }

  async find(id: string): Promise<LoggedDecision | undefined> {
    const hasId = (values: DecisionValues) => values[0] === id;
    const waiting = this.#waiting.find(hasId) ?? this.#writing.find(hasId);
    if (waiting !== undefined) return decisionOf(rowOf(waiting));
    const row = await this.#options.store.prepare<DecisionRow>(SELECT).get(id);
    return row === undefined ? undefined : decisionOf(row);
  }

  /**
   * Forgets the decisions for these units that were logged before the call, those that still wait included. Looks through the whole log, some rows at a
   * time. @throws StoreUnavailable when it could not; it may be repeated.
   */
  async forget(units: readonly string[]): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing; // what is being written then is on disk, or waits again
    const isOfAnother = (values: DecisionValues) => !units.includes(values[UNIT] as string);
    this.#writing = this.#writing.filter(isOfAnother);
    this.#waiting = this.#waiting.filter(isOfAnother);
    const { store } = this.#options;
    const names = JSON.stringify(units);
    for (let after: string | undefined = ''; after !== undefined; ) {
      const last: { id: string } | undefined = await store
        .prepare<{ id: string }>('SELECT id FROM decisions WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?')
        .get(after, FORGET_ROWS - 1);
      const range = [names, after, last?.id ?? LAST_ID] as const;
      await store.transact((tx) => tx.prepare(FORGET_UNITS).run(...range));
      after = last?.id;
    }
  }

  /** Resolves when a batch has been tried; what waits is written first to last. */
  flush(): Promise<void> {
    this.#flushing ??= this.#write().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  /** @throws when decisions could not be written to the end. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#flushing;
    await this.flush();
    if (this.#failure === undefined) await this.flush();
    await this.#options.store.close();
    if (this.waitingCount > 0) throw new Error(`${this.waitingCount} decisions were not written: ${this.#failure}`);
  }

  async #write(): Promise<void> {
    if (this.#writing.length === 0) {
      this.#writing = this.#waiting;
      this.#waiting = [];
    }
    try {
      if (this.#writing.length > 0) await this.#insert(this.#writing);
      this.#writing = [];
      this.#failure = undefined;
      await this.#forgetOld();
    } catch (error) {
      if (this.#failure === undefined) this.#options.log.error({ err: error }, 'Decisions cannot be written');
      this.#failure = `Decisions cannot be written: ${(error as Error).message}`;
    }
  }

  async #insert(rows: readonly DecisionValues[]): Promise<void> {
    await this.#options.store.transact((tx) => insertMany(tx, 'decisions', COLUMNS, rows, 'ignore'));
  }

  /** Forgets a bounded number of decisions at a time, so that no one waits long for it. */
  async #forgetOld(): Promise<void> {
    const { store, clock, keepMs } = this.#options;
    const nowMs = clock();
    if (nowMs - this.#forgottenAtMs < FORGET_EVERY_MS) return;
    const before = smallestIdAt(nowMs - keepMs);
    const { changes } = await store.transact((tx) => tx.prepare(FORGET_OLD).run(before, FORGET_ROWS));
    if (changes < FORGET_ROWS) this.#forgottenAtMs = nowMs;
  }
}

/** Ids of version 7 sort by time: every id given at `atMs` or later is at least this. */
function smallestIdAt(atMs: number): string {
  const hex = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-`;
}

/** @throws TypeError when features or output are no JSON. */
function valuesOf(decision: LoggedDecision): DecisionValues {
  const { id, atMs, unit, surface, version, degraded, featureRevision, features, output } = decision;
  const texts = [JSON.stringify(features ?? null), JSON.stringify(output ?? null)];
  return [id, atMs, unit, surface, version ?? null, Number(degraded), featureRevision, ...texts];
}

function rowOf(values: DecisionValues): DecisionRow {
  return Object.fromEntries(COLUMNS.map((column, at) => [column, values[at]])) as unknown as DecisionRow;
}

function decisionOf(row: DecisionRow): LoggedDecision {
  return {
    id: row.id,
    atMs: row.at_ms,
    unit: row.unit,
    surface: row.surface,
    version: row.version ?? undefined,
    degraded: row.degraded === 1,
    featureRevision: row.feature_revision,
    features: JSON.parse(row.features),
    output: JSON.parse(row.output),
  };
}
