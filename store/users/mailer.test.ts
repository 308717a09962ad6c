import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { expect, it, onTestFinished } from 'vitest';
import { desk, PASSWORD } from './accounts.fixture.ts';

/** A mail server that refuses the first letters, as busy ones do. */
async function mailServer(refusals: number) {
  const letters: string[] = [];
  let refused = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        if (refused++ < refusals) return done(Object.assign(new Error('Busy.'), { responseCode: 451 }));
        letters.push(Buffer.concat(chunks).toString());
        return done();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise<void>((closed) => server.close(closed)));
  const { port } = server.server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, letters };
}

it('sends letters by SMTP, again when they were refused, and keeps none in the mailbox', async () => {
  const { url, letters } = await mailServer(1);
  const { users, member, clock } = await desk({ SMTP_URL: url, MAIL_FROM: 'shop@example.org' });
  await member('ada@example.org');
  await users.requestPasswordReset({ body: { email: 'ada@example.org' } });
  await expect
    .poll(
      () => {
        clock.advance(60_000);
        return letters;
      },
      { timeout: 10_000, interval: 100 },
    )
    .toHaveLength(1);
  const [letter] = letters;
  expect(letter).toMatch(/^From: shop@example\.org$/m);
  expect(letter).toMatch(/^To: ada@example\.org$/m);
  expect(letter).toContain('/account/reset-password#token');
  expect((await users.listMail({ query: {} })).mail).toEqual([]);
  expect(letter).not.toContain(PASSWORD);
});
