import type { Store, Tx } from '../store/store.ts';
import type { Example, LoggedDecision } from './decision.ts';

/** An example as it is written. */
export interface NewExample extends Example {
  /** Decision it came of; undefined when it was brought along. */
  readonly decisionId?: string;
  /** Whom that decision was for. */
  readonly unit?: string;
  readonly featureRevision: number;
  readonly reward?: number;
}

const INSERT = `INSERT INTO examples (decision_id, unit, feature_revision, features, outcome, reward, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (decision_id) DO NOTHING`;

const FORGET = 'DELETE FROM examples WHERE seq IN (SELECT seq FROM examples WHERE unit = ? LIMIT ?)';
const FORGET_ROWS = 1_000;

/** What is learned from: the features a decision was made with, as they were, and its outcome. */
export class ExampleStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Resolves to how many were new, once they are on disk. */
  add(examples: readonly NewExample[]): Promise<number> {
    return this.#store.transact((tx) => addExamples(tx, examples));
  }

  async outcomeOf(decisionId: string): Promise<unknown> {
    const sql = 'SELECT outcome FROM examples WHERE decision_id = ?';
    const row = await this.#store.prepare<{ outcome: string }>(sql).get(decisionId);
    return row && JSON.parse(row.outcome);
  }

  /** Forgets what came of decisions for a unit, some rows at a time; offsets in the log are never given again. May be repeated. */
  async forgetUnit(unit: string): Promise<void> {
    const forgetSome = () => this.#store.transact((tx) => tx.prepare(FORGET).run(unit, FORGET_ROWS));
    while ((await forgetSome()).changes === FORGET_ROWS);
  }

  /** Outcomes of decisions given since then. */
  async countOfDecisionsSince(atMs: number): Promise<number> {
    const sql = 'SELECT count(*) AS count FROM examples WHERE decision_id IS NOT NULL AND at_ms >= ?';
    return (await this.#store.prepare<{ count: number }>(sql).get(atMs))?.count ?? 0;
  }
}

/** Within a transaction; an example of a decision that has one already is left out. Resolves to how many were new. */
export async function addExamples(tx: Tx, examples: readonly NewExample[]): Promise<number> {
  const insert = tx.prepare(INSERT);
  let addedCount = 0;
  for (const { decisionId, unit, featureRevision, features, outcome, reward, atMs } of examples) {
    const texts = [JSON.stringify(features), JSON.stringify(outcome)] as const;
    const { changes } = await insert.run(
      decisionId ?? null,
      unit ?? null,
      featureRevision,
      ...texts,
      reward ?? null,
      atMs,
    );
    addedCount += changes;
  }
  return addedCount;
}

/** The log offset after the last example. */
export async function endOfExamples(store: Store): Promise<number> {
  const row = await store.prepare<{ last: number | null }>('SELECT max(seq) AS last FROM examples').get();
  return (row?.last ?? 0) + 1;
}

/** The example that a decision and its outcome give. */
export function exampleOf(
  decision: LoggedDecision,
  { outcome, reward }: { outcome: unknown; reward?: number },
): NewExample {
  const { id, unit, featureRevision, features, atMs } = decision;
  return {
    decisionId: id,
    unit,
    featureRevision,
    features,
    outcome,
    atMs,
    ...(reward === undefined ? {} : { reward }),
  };
}
