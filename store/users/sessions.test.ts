import { describe, expect, it } from 'vitest';
import { desk } from './accounts.fixture.ts';

const email = 'ada@example.org';

describe('a session', () => {
  it('goes on by refresh tokens that are good once', async () => {
    const { member, users, host } = await desk();
    const { tokens, id } = await member(email, { visitorId: 'visitor-1' });
    const next = await users.refresh({ body: { refreshToken: tokens.refreshToken } });
    expect(next).toMatchObject({ userId: id, sessionId: tokens.sessionId, role: 'shopper' });
    expect(next.refreshToken).not.toBe(tokens.refreshToken);
    expect(host).toBeDefined();
  });

  it('ends when a refresh token comes a second time, in whoever’s hands', async () => {
    const { member, users, signIn, holding } = await desk();
    const { tokens, me } = await member(email);
    const other = holding(await signIn(email));
    const next = await users.refresh({ body: { refreshToken: tokens.refreshToken } });
    const ended = { code: 'users.session-ended' };
    await expect(users.refresh({ body: { refreshToken: tokens.refreshToken } })).rejects.toMatchObject(ended);
    await expect(users.refresh({ body: { refreshToken: next.refreshToken } })).rejects.toMatchObject(ended);
    await expect(me.getMe({})).rejects.toMatchObject(ended);
    expect(await other.getMe({})).toMatchObject({ email });
  });

  it.each(['', 'x', '.', 'a.b', `${'x'.repeat(43)}.${'y'.repeat(43)}`])(
    'is not refreshed by %j',
    async (refreshToken) => {
      const { users } = await desk();
      await expect(users.refresh({ body: { refreshToken } })).rejects.toMatchObject({ code: 'users.session-ended' });
      expect(await users.signOut({ body: { refreshToken } })).toEqual({});
    },
  );

  it('is signed out of on one device alone', async () => {
    const { member, users, signIn, holding } = await desk();
    const { tokens, me } = await member(email);
    const other = holding(await signIn(email));
    await users.signOut({ body: { refreshToken: tokens.refreshToken } });
    await users.signOut({ body: { refreshToken: tokens.refreshToken } });
    await expect(me.getMe({})).rejects.toMatchObject({ code: 'users.session-ended' });
    expect((await other.listSessions({})).sessions).toMatchObject([{ current: true, device: 'Tests' }]);
  });

  it('is seen and ended by its user, and by nobody else', async () => {
    const { member, signIn, holding } = await desk();
    const { me, tokens } = await member(email);
    const { me: stranger } = await member('bob@example.org');
    await signIn(email);
    const third = holding(await signIn(email));
    await expect(stranger.endSession({ params: { id: tokens.sessionId } })).rejects.toMatchObject({
      code: 'users.session-not-found',
    });
    await third.endSession({ params: { id: tokens.sessionId } });
    await expect(me.getMe({})).rejects.toMatchObject({ code: 'users.session-ended' });
    expect(await third.endOtherSessions({})).toEqual({ ended: 1 });
    expect((await third.listSessions({})).sessions).toHaveLength(1);
  });

  it('ends by itself when nobody comes for thirty days', async () => {
    const { member, clock, users } = await desk();
    const { tokens, me } = await member(email);
    clock.advance(31 * 86_400_000);
    await expect(users.refresh({ body: { refreshToken: tokens.refreshToken } })).rejects.toThrow();
    await expect(me.getMe({})).rejects.toMatchObject({ code: 'users.session-ended' });
  });
});

describe('signing in', () => {
  it('answers the same for a wrong password and an unknown address', async () => {
    const { member, signIn } = await desk();
    await member(email);
    const refusals = await Promise.all(
      [signIn(email, 'wrong'), signIn('nobody@example.org'), signIn('no address at all'), signIn('')].map((attempt) =>
        attempt.then(
          () => 'signed in',
          ({ code, detail }) => ({ code, detail }),
        ),
      ),
    );
    expect(new Set(refusals.map((refusal) => JSON.stringify(refusal))).size).toBe(1);
    expect(refusals[0]).toMatchObject({ code: 'users.credentials-invalid' });
  });

  it('is refused after ten wrong passwords, for known and unknown accounts, also all at once, until a while has passed', async () => {
    const { member, signIn, clock } = await desk();
    await member(email);
    for (const account of [email, 'nobody@example.org']) {
      const attempts = await Promise.allSettled(Array.from({ length: 12 }, () => signIn(account, 'wrong')));
      const codes = attempts.map((attempt) => attempt.status === 'rejected' && attempt.reason.code);
      expect(codes.filter((code) => code === 'users.attempts-too-many')).toHaveLength(2);
    }
    await expect(signIn(email)).rejects.toMatchObject({
      code: 'users.attempts-too-many',
      data: { retryAfterMs: expect.any(Number) },
    });
    clock.advance(15 * 60_000);
    expect(await signIn(email)).toMatchObject({ role: 'shopper' });
  });

  it('forgets wrong passwords once the right one came', async () => {
    const { member, signIn } = await desk();
    await member(email);
    for (let round = 0; round < 3; round++) {
      for (let wrong = 0; wrong < 9; wrong++) await expect(signIn(email, 'wrong')).rejects.toThrow();
      await signIn(email);
    }
  });
});
