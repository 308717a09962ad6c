import { describe, expect, it } from 'vitest';
import { desk, PASSWORD, tokenIn } from './accounts.fixture.ts';

const email = 'ada@example.org';

describe('an account', () => {
  it('is opened behind a mailed link, once', async () => {
    const { users, lettersTo, signIn, holding } = await desk();
    await users.signUp({ body: { email: 'Ada@Example.org' } });
    const [letter] = await lettersTo(email, 1);
    const body = { token: tokenIn(letter!), password: PASSWORD, name: 'Ada' };
    expect(await users.confirmSignUp({ body })).toMatchObject({ email, role: 'shopper', name: 'Ada' });
    await expect(users.confirmSignUp({ body })).rejects.toMatchObject({ code: 'users.link-invalid' });
    expect(await holding(await signIn(email)).getMe({})).toMatchObject({ email });
  });

  it('is not told of to strangers: its owner gets a letter instead', async () => {
    const { users, member, lettersTo } = await desk();
    await member(email);
    expect(await users.signUp({ body: { email } })).toEqual({});
    const [letter] = await lettersTo(email, 1);
    expect(letter!.text).not.toContain('#token=');
    await users.requestPasswordReset({ body: { email: 'nobody@example.org' } });
    await users.requestPasswordReset({ body: { email } });
    await lettersTo(email, 2);
    await lettersTo('nobody@example.org', 0);
  });

  it('keeps out passwords that are easily guessed', async () => {
    const { users } = await desk();
    const weak = (password: string) => users.createUser({ body: { email, password } });
    for (const [password, reason] of [
      ['short', 'too-short'],
      ['password123', 'too-common'],
      ['ada@example.org', 'like-the-email'],
      ['x9!'.repeat(100), 'too-long'],
    ] as const) {
      await expect(weak(password)).rejects.toMatchObject({ code: 'users.password-weak', data: { reason } });
    }
  });

  it.each(['a@b', 'a b@example.org', 'a@-x.org', 'a@x..org', '.a@example.org'])(
    'is not opened for %s',
    async (typed) => {
      const { users } = await desk();
      await expect(users.createUser({ body: { email: typed, password: PASSWORD } })).rejects.toMatchObject({
        status: expect.toSatisfy((status) => status === 422 || status === 400),
      });
    },
  );

  it('gets a new password by a link that ends all sessions, the link of the last asking alone', async () => {
    const { users, member, lettersTo, signIn } = await desk();
    const { me } = await member(email);
    await users.requestPasswordReset({ body: { email } });
    const [first] = await lettersTo(email, 1);
    await users.requestPasswordReset({ body: { email } });
    const [second] = await lettersTo(email, 2);
    const password = 'another harbour 31';
    const reset = (token: string) => users.resetPassword({ body: { token, password } });
    await expect(reset(tokenIn(first!))).rejects.toMatchObject({ code: 'users.link-invalid' });
    await reset(tokenIn(second!));
    await expect(reset(tokenIn(second!))).rejects.toMatchObject({ code: 'users.link-invalid' });
    await expect(me.getMe({})).rejects.toMatchObject({ code: 'users.session-ended' });
    await expect(signIn(email)).rejects.toMatchObject({ code: 'users.credentials-invalid' });
    expect(await signIn(email, password)).toMatchObject({ role: 'shopper' });
  });

  it('does not open links that are too old', async () => {
    const { users, clock, lettersTo } = await desk();
    await users.signUp({ body: { email } });
    const [letter] = await lettersTo(email, 1);
    clock.advance(25 * 3_600_000);
    await expect(users.confirmSignUp({ body: { token: tokenIn(letter!), password: PASSWORD } })).rejects.toMatchObject({
      code: 'users.link-invalid',
    });
  });

  it('changes its address when the new one is confirmed, and tells the old one', async () => {
    const { users, member, lettersTo, signIn } = await desk();
    const { me } = await member(email);
    const next = 'ada@lovelace.example';
    await expect(me.changeEmail({ body: { email: next, password: 'wrong' } })).rejects.toMatchObject({
      code: 'users.credentials-invalid',
    });
    await me.changeEmail({ body: { email: next, password: PASSWORD } });
    const [letter] = await lettersTo(next, 1);
    expect(await me.getMe({})).toMatchObject({ email });
    await users.confirmEmail({ body: { token: tokenIn(letter!) } });
    expect(await me.getMe({})).toMatchObject({ email: next });
    await lettersTo(email, 1);
    await signIn(next);
    await expect(signIn(email)).rejects.toMatchObject({ code: 'users.credentials-invalid' });
  });

  it('does not take an address that somebody has by then', async () => {
    const { users, member, lettersTo } = await desk();
    const { me } = await member(email);
    await me.changeEmail({ body: { email: 'bob@example.org', password: PASSWORD } });
    const [letter] = await lettersTo('bob@example.org', 1);
    await member('bob@example.org');
    await expect(users.confirmEmail({ body: { token: tokenIn(letter!) } })).rejects.toMatchObject({
      code: 'users.link-invalid',
    });
  });

  it('keeps its addresses, up to twenty', async () => {
    const { me } = await (await desk()).member();
    const home = { name: 'Ada', street: '1 Mill Lane', postalCode: '10115', city: 'Berlin', country: 'DE' };
    for (let address = 0; address < 20; address++) {
      await me.putAddress({ params: { id: `address-${address}` }, body: home });
    }
    await expect(me.putAddress({ params: { id: 'one-more' }, body: home })).rejects.toMatchObject({
      code: 'users.addresses-too-many',
    });
    await me.putAddress({ params: { id: 'address-3' }, body: { ...home, city: 'Bonn' } });
    await me.removeAddress({ params: { id: 'address-0' } });
    await expect(me.removeAddress({ params: { id: 'address-0' } })).rejects.toMatchObject({
      code: 'users.address-not-found',
    });
    const { addresses } = await me.listAddresses({});
    expect(addresses).toHaveLength(19);
    expect(addresses.find(({ id }) => id === 'address-3')).toMatchObject({ city: 'Bonn' });
  });

  it('changes name and password; the other sessions end', async () => {
    const { member, signIn, holding } = await desk();
    const { me } = await member(email);
    const other = holding(await signIn(email));
    expect(await me.changeMe({ body: { name: 'Countess' } })).toMatchObject({ name: 'Countess' });
    await me.changePassword({ body: { currentPassword: PASSWORD, newPassword: 'another harbour 31' } });
    await expect(other.getMe({})).rejects.toMatchObject({ code: 'users.session-ended' });
    expect(await me.getMe({})).toMatchObject({ name: 'Countess' });
  });

  it('is given out whole, without secrets', async () => {
    const { member } = await desk();
    const { me, id } = await member(email, { visitorId: 'visitor-1' });
    const exported = await me.exportData({});
    expect(exported).toMatchObject({ user: { id, email }, visitorIds: ['visitor-1'], sessions: [{ current: true }] });
    expect(JSON.stringify(exported)).not.toMatch(/argon2|hash/i);
  });

  it('is deleted for good, and every service hears of it', async () => {
    const { member, deleted, lettersTo, users, signIn } = await desk();
    const { me, id } = await member(email, { visitorId: 'visitor-1' });
    await users.requestPasswordReset({ body: { email } });
    await lettersTo(email, 1);
    await expect(me.deleteMe({ body: { password: 'wrong' } })).rejects.toMatchObject({
      code: 'users.credentials-invalid',
    });
    await me.deleteMe({ body: { password: PASSWORD } });
    expect(await me.deleteMe({ body: { password: PASSWORD } })).toEqual({});
    await expect.poll(() => deleted).toMatchObject([{ userId: id, visitorIds: ['visitor-1'] }]);
    await lettersTo(email, 0);
    await expect(signIn(email)).rejects.toMatchObject({ code: 'users.credentials-invalid' });
    await expect(me.getMe({})).rejects.toMatchObject({ code: 'users.session-ended' });
  });
});
