import type { Store } from '../store/store.ts';
import type { TrainingRun } from './training-run.ts';

const WRITE = `INSERT INTO training_runs VALUES (?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET state = excluded.state, run = excluded.run`;

/** The trainings of a service, as the store has them. */
export class TrainingHistory {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async write(run: TrainingRun): Promise<void> {
    await this.#store.transact((tx) => tx.prepare(WRITE).run(run.id, run.state, run.startedAtMs, JSON.stringify(run)));
  }

  async find(id: string): Promise<TrainingRun | undefined> {
    return runOf(await this.#store.prepare<RunRow>('SELECT run FROM training_runs WHERE id = ?').get(id));
  }

  /** The newest, whatever its state. */
  last(): Promise<TrainingRun | undefined> {
    return this.#newest("state <> ''");
  }

  lastEnded(): Promise<TrainingRun | undefined> {
    return this.#newest("state <> 'running'");
  }

  lastSucceeded(): Promise<TrainingRun | undefined> {
    return this.#newest("state = 'succeeded'");
  }

  /** Marks what a process left behind when it ended: nothing runs when a service starts. */
  async closeInterrupted(nowMs: number): Promise<void> {
    const rows = await this.#store.prepare<RunRow>("SELECT run FROM training_runs WHERE state = 'running'").all();
    for (const row of rows) {
      const error = 'interrupted: the process ended while it ran; start it again';
      await this.write({ ...runOf(row)!, state: 'failed', endedAtMs: nowMs, error });
    }
  }

  async #newest(condition: string): Promise<TrainingRun | undefined> {
    const sql = `SELECT run FROM training_runs WHERE ${condition} ORDER BY started_at_ms DESC, id DESC LIMIT 1`;
    return runOf(await this.#store.prepare<RunRow>(sql).get());
  }
}

interface RunRow {
  readonly run: string;
}

function runOf(row: RunRow | undefined): TrainingRun | undefined {
  return row && JSON.parse(row.run);
}
