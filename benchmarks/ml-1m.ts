import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { genericAiContract, startHost, untilTrained } from 'relearn';
import { recommenderContract } from '../services/recommender/contract.ts';
import recommender from '../services/recommender/main.ts';
import { importInteractions } from '../store/import/index.ts';
import { keepResult } from './keep-result.ts';

/** The training pairs of MovieLens-1M (UltraGCN's split): imported from a CSV file, trained, and every user answered. */

const TARGET_S = 20;
const IN_FLIGHT = 8;

const folder = resolve(process.env.RELEARN_DATA ?? join(import.meta.dirname, '../../shared/data'), 'ml-1m');
const lines = await readFile(join(folder, 'train.txt.gz')).then(
  (bytes) => gunzipSync(bytes).toString().trim().split('\n'),
  () => undefined,
);
if (lines === undefined) console.log(`Skipped: there is no ${folder}; RELEARN_DATA says where the data are.`);
else await measure(lines.map((line) => line.trim().split(' ')));

/** @param rows each a user, then the user's items. */
async function measure(rows: readonly string[][]): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'ml-1m-'));
  const file = join(home, 'pairs.csv');
  const pairs = rows.flatMap(([user, ...items]) => items.map((item) => `${user},${item}`));
  await writeFile(file, `user,item\n${pairs.join('\n')}\n`);
  const host = await startHost({ services: [recommender], home, listen: false, env: { LOG_LEVEL: 'warn' } });
  try {
    const client = host.client(recommenderContract);
    const startedMs = performance.now();
    const seconds = () => (performance.now() - startedMs) / 1000;
    await importInteractions(file, { as: 'purchase' }, { recommender: client, clock: Date.now });
    const importedS = seconds();
    const champion = await untilTrained(host.client(genericAiContract('recommender')), { reason: 'pairs', anew: true });
    if (!champion) {
      const { lastTraining } = await host.client(genericAiContract('recommender')).getStatus({});
      throw new Error(`No version was trained: ${lastTraining?.error ?? lastTraining?.note}`);
    }
    const trainedS = seconds();
    const users = rows.map(([user = '']) => user);
    let next = 0;
    const answer = async () => {
      for (let at = next++; at < users.length; at = next++) {
        const { version, items } = await client.forYou({ body: { userId: users[at]! } });
        if (version !== champion.id || items.length !== 20) throw new Error(`User ${users[at]} got ${items.length}.`);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, answer));
    const answeredS = seconds();
    const { trial, metrics } = champion;
    await keepResult('ml-1m', {
      pairs: pairs.length,
      users: users.length,
      trial,
      metrics,
      importedS,
      trainedS,
      answeredS,
      targetS: TARGET_S,
    });
    console.log(
      `imported ${importedS.toFixed(1)} s, trained (${trial}) ${trainedS.toFixed(1)} s, ${users.length} users answered ${answeredS.toFixed(1)} s (target ${TARGET_S} s)`,
    );
    if (answeredS > TARGET_S) process.exitCode = 1;
  } finally {
    await host.close();
    await rm(home, { recursive: true, force: true });
  }
}
