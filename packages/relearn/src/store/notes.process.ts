import { openSqliteStore } from './index.ts';

/** A process of its own that writes notes, eight at a time, until it is killed, and tells its parent of each that was acknowledged. */
const [path, run] = process.argv.slice(2);
const store = await openSqliteStore({
  path: path!,
  migrations: [{ name: '001-notes', sql: 'CREATE TABLE notes (text TEXT NOT NULL)' }],
  source: 'notes',
  clock: Date.now,
});

async function write(writer: number): Promise<never> {
  for (let note = 0; ; note++) {
    const text = `${run}-${writer}-${note}`;
    await store.transact((tx) => tx.prepare('INSERT INTO notes (text) VALUES (?)').run(text));
    process.send!(text);
  }
}

await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
