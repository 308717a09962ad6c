import { type ClientOf, startHost } from 'relearn';
import { temporaryHome } from 'relearn/testing';
import { describe, expect, test } from 'vitest';
import { type BankQuestion, hasBanking77, readBanking77 } from './banking77.ts';
import triage from './triage.ts';

type Client = ClientOf<typeof triage.contract>;

async function withTriage(work: (client: Client) => Promise<void>): Promise<void> {
  await using home = await temporaryHome();
  const host = await startHost({ services: [triage], listen: false, home: home.path, env: { LOG_LEVEL: 'silent' } });
  try {
    await work(host.client(triage.contract));
  } finally {
    await host.close();
  }
}

async function bring(client: Client, questions: readonly BankQuestion[]): Promise<void> {
  const atMs = Date.now();
  for (let from = 0; from < questions.length; from += 5_000) {
    const examples = questions.slice(from, from + 5_000).map(({ text, category }, index) => ({
      atMs,
      features: { customerId: `c${index}`, text },
      outcome: { intent: category },
    }));
    expect(await client.importExamples({ body: { examples } }, { timeoutMs: 60_000 })).toMatchObject({
      accepted: examples.length,
      refused: [],
    });
  }
}

async function train(client: Client) {
  const { id } = await client.train({ body: {} });
  for (;;) {
    const run = await client.getTraining({ params: { id } });
    if (run.state !== 'running') return run;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function intentOf(client: Client, text: string): Promise<string> {
  return (await client.predict({ body: { customerId: 'someone', text } })).output.intent;
}

/** Every way to begin with every way to ask, so that words alone tell the intents apart. */
function madeUp(asked: Record<string, readonly string[]>): BankQuestion[] {
  const begins = [
    'please tell me',
    'hello',
    'a question',
    'can you help',
    'excuse me',
    'quick one',
    'hi there',
    'sorry',
  ];
  return begins.flatMap((begin) =>
    Object.entries(asked).flatMap(([category, ways]) => ways.map((way) => ({ text: `${begin}, ${way}`, category }))),
  );
}

const delivery = { delivery: ['where is my parcel', 'when does my parcel arrive', 'track the parcel'] };
const refund = { refund: ['send my money back', 'i want a refund', 'how long does a refund take'] };

describe('triage', () => {
  test('answers by its fallback until it is trained', () =>
    withTriage(async (client) => {
      const { degraded, version, output } = await client.predict({ body: { customerId: 'a', text: 'my parcel?' } });
      expect({ degraded, version, output }).toEqual({
        degraded: true,
        version: null,
        output: { intent: 'ask-a-person' },
      });
    }));

  test('learns an intent that outcomes bring, and swaps back and forth', () =>
    withTriage(async (client) => {
      await bring(client, madeUp({ ...delivery, ...refund }));
      expect(await train(client)).toMatchObject({ state: 'succeeded', version: 'v1' });
      expect(await intentOf(client, 'a refund for it')).toBe('refund');

      const asked = madeUp({ password: ['i forgot my password', 'reset the password', 'new password link'] });
      const outcomes = [];
      for (const { text, category } of asked) {
        const { decisionId } = await client.predict({ body: { customerId: 'b', text } });
        outcomes.push({ decisionId, outcome: { intent: category } });
      }
      expect(await client.recordOutcomes({ body: { outcomes } })).toMatchObject({
        accepted: asked.length,
        refused: [],
      });
      expect(await train(client)).toMatchObject({ state: 'succeeded', version: 'v2' });
      expect(await intentOf(client, 'my password is gone')).toBe('password');

      await client.promoteVersion({ params: { id: 'v1' } });
      expect(await intentOf(client, 'my password is gone')).not.toBe('password');
      await client.promoteVersion({ params: { id: 'v2' } });
      expect(await intentOf(client, 'my password is gone')).toBe('password');
    }));

  test.skipIf(!hasBanking77)(
    'tells the intent of real questions to a bank (skipped where RELEARN_DATA has no banking77)',
    () =>
      withTriage(async (client) => {
        await bring(client, await readBanking77('train'));
        const { leaderboard } = await train(client);
        expect(leaderboard?.find(({ chosen }) => chosen)?.trial).toBe('words-and-parts');
        const asked = await readBanking77('test');
        let rightCount = 0;
        for (const { text, category } of asked) if ((await intentOf(client, text)) === category) rightCount++;
        expect(rightCount / asked.length).toBeGreaterThan(0.83);
      }),
    120_000,
  );
});
