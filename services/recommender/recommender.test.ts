import { startHost } from 'relearn';
import { temporaryHome } from 'relearn/testing';
import { expect, test } from 'vitest';
import { recommenderContract } from './contract.ts';
import recommender from './main.ts';

async function opened(home: string) {
  const host = await startHost({ services: [recommender], home, listen: false, env: { LOG_LEVEL: 'silent' } });
  return { host, client: host.client(recommenderContract) };
}

test('each interaction is kept or refused on its own, with its place and why', async () => {
  await using home = await temporaryHome();
  const { host, client } = await opened(home.path);
  const good = { id: 'a', kind: 'purchase', userId: 'u', itemId: 'tea' };
  const report = await client.recordInteractions({
    body: {
      interactions: [
        good,
        good,
        { ...good, id: 'b', visitorId: 'v' },
        { ...good, id: 'c', kind: 'stroke' },
        { ...good, id: 'd', quantity: -1 },
        { ...good, id: 'e', atMs: Date.now() + 3_600_000 },
        { ...good, id: 'f', itemId: 'x'.repeat(129) },
        null,
      ],
    },
  });
  expect(report).toMatchObject({ accepted: 1, duplicates: 1 });
  expect(report.refused.map(({ index, code }) => [index, code.replace('recommender.interaction-', '')])).toEqual([
    [2, 'person-ambiguous'],
    [3, 'kind-unknown'],
    [4, 'invalid'],
    [5, 'time-ahead'],
    [6, 'invalid'],
    [7, 'invalid'],
  ]);
  await host.close();
});

test('an id counts once, also after a restart, and the history is still there', async () => {
  await using home = await temporaryHome();
  const body = { interactions: [{ id: 'a', kind: 'view', userId: 'u', itemId: 'tea' }] };
  const first = await opened(home.path);
  expect(await first.client.recordInteractions({ body })).toMatchObject({ accepted: 1, duplicates: 0 });
  await first.host.close();
  const second = await opened(home.path);
  expect(await second.client.recordInteractions({ body })).toMatchObject({ accepted: 0, duplicates: 1 });
  const { interactions } = await second.client.getHistory({ params: { userId: 'u' }, query: {} });
  expect(interactions.map(({ itemId }) => itemId)).toEqual(['tea']);
  await second.host.close();
});

test('what was acknowledged is in the next history, and a user is not the visitor of the same name', async () => {
  await using home = await temporaryHome();
  const { host, client } = await opened(home.path);
  for (const itemId of ['tea', 'cup']) {
    await client.recordInteractions({ body: { interactions: [{ kind: 'view', userId: 'u', itemId }] } });
    const { interactions } = await client.getHistory({ params: { userId: 'u' }, query: {} });
    expect(interactions[0]?.itemId).toBe(itemId);
  }
  await client.recordInteractions({ body: { interactions: [{ kind: 'view', visitorId: 'u', itemId: 'pot' }] } });
  const { interactions } = await client.getHistory({ params: { userId: 'u' }, query: {} });
  expect(interactions.map(({ itemId }) => itemId)).toEqual(['cup', 'tea']);
  await host.close();
});
