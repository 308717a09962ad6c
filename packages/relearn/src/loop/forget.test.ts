import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startHost } from '../service/start-host.ts';
import { openReadOnlyStore } from '../store/index.ts';
import { temporaryHome } from '../testing/temporary-home.ts';
import type { Ai } from './ai.ts';
import { aiService } from './ai-service.ts';
import fruit from './fixtures/fruit.ts';

/** The fruit service, and its loop. */
async function opened() {
  const home = await temporaryHome();
  let running: Ai | undefined;
  const service = aiService({
    ...fruit.definition,
    setup(ai: Ai) {
      running = ai;
      return { handlers: {} };
    },
  });
  const host = await startHost({ services: [service], home: home.path, listen: false, env: { LOG_LEVEL: 'silent' } });
  onTestFinished(async () => {
    await host.close();
    await home[Symbol.asyncDispose]();
  });
  const learnedFrom = async () => {
    const store = await openReadOnlyStore(join(home.path, 'fruit', 'fruit.db'));
    const rows = await store.prepare<{ features: string }>('SELECT features FROM examples ORDER BY seq').all();
    await store.close();
    return rows.map(({ features }) => JSON.parse(features).unit as string);
  };
  return { ai: running!, client: host.client(fruit.contract), learnedFrom };
}

test('who is forgotten is in no decision and in nothing that is learned from; others are', async () => {
  const { ai, client, learnedFrom } = await opened();
  await client.importExamples({ body: { examples: [{ features: { weightG: 1, unit: 'brought' }, outcome: 'plum' }] } });
  const decided = async (unit: string) => (await client.predict({ body: { weightG: 10, unit } })).decisionId;
  const [ada, bob, adaAgain] = [await decided('ada'), await decided('bob'), await decided('ada')];
  const outcomes = [ada, bob].map((decisionId) => ({ decisionId, outcome: 'plum' as const }));
  await client.recordOutcomes({ body: { outcomes } });
  expect(await learnedFrom()).toEqual(['brought', 'ada', 'bob']);
  await ai.forget('ada', 'eve');
  expect(await learnedFrom()).toEqual(['brought', 'bob']);
  for (const id of [ada, adaAgain])
    await expect(client.getDecision({ params: { id } })).rejects.toMatchObject({ status: 404 });
  expect(await client.getDecision({ params: { id: bob } })).toMatchObject({ unit: 'bob', outcome: 'plum' });
  const late = await client.recordOutcomes({ body: { outcomes: [{ decisionId: adaAgain, outcome: 'plum' }] } });
  expect(late).toMatchObject({ accepted: 0, refused: [{ code: 'decision-unknown' }] });
});
