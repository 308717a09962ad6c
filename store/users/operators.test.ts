import { describe, expect, it } from 'vitest';
import { desk, PASSWORD } from './accounts.fixture.ts';

describe('operators', () => {
  it('open accounts, find them and change roles; sessions end with the role', async () => {
    const { member, users } = await desk();
    const { me: olga } = await member('olga@example.org', { role: 'operator' });
    const { me: ada, id } = await member('ada@example.org');
    expect(await olga.findUser({ query: { email: 'ADA@example.org' } })).toMatchObject({ id });
    await expect(olga.findUser({ query: { email: 'no@example.org' } })).rejects.toMatchObject({ status: 404 });
    await expect(olga.createUser({ body: { email: 'ada@example.org', password: PASSWORD } })).rejects.toMatchObject({
      code: 'users.email-taken',
    });
    const brought = { email: 'carl@example.org', password: PASSWORD, id: 'customer-7' };
    expect(await olga.createUser({ body: brought })).toMatchObject({ id: 'customer-7' });
    await expect(olga.createUser({ body: { ...brought, email: 'c@example.org' } })).rejects.toMatchObject({
      code: 'users.id-taken',
    });
    expect(await olga.setRole({ params: { id }, body: { role: 'operator' } })).toMatchObject({ role: 'operator' });
    await expect(ada.getMe({})).rejects.toMatchObject({ code: 'users.session-ended' });
    expect(await users.setRole({ params: { id }, body: { role: 'operator' } })).toMatchObject({ role: 'operator' });
  });

  it('do not all leave', async () => {
    const { member } = await desk();
    const { me, id } = await member('olga@example.org', { role: 'operator' });
    const last = { code: 'users.last-operator' };
    await expect(me.setRole({ params: { id }, body: { role: 'shopper' } })).rejects.toMatchObject(last);
    await expect(me.deleteMe({ body: { password: PASSWORD } })).rejects.toMatchObject(last);
    expect(await me.getMe({})).toMatchObject({ role: 'operator' });
  });

  it('give keys to partners, which are shown once, scoped, and revoked', async () => {
    const { member, users, host } = await desk();
    const { me } = await member('olga@example.org', { role: 'operator' });
    const made = await me.createApiKey({ body: { name: 'Feed', scopes: ['catalog.read', 'catalog.read'] } });
    expect(made.key).toMatch(/^rk_[\w-]{43}$/);
    const exchanged = await users.exchangeApiKey({ body: { key: made.key } });
    expect(exchanged).toMatchObject({ keyId: made.id, scopes: ['catalog.read'] });
    const { apiKeys } = await me.listApiKeys({});
    expect(apiKeys).toMatchObject([{ id: made.id, prefix: made.key.slice(0, 10), usedAtMs: expect.any(Number) }]);
    expect(JSON.stringify(apiKeys)).not.toContain(made.key);
    const revoked = await me.revokeApiKey({ params: { id: made.id } });
    expect(await me.revokeApiKey({ params: { id: made.id } })).toEqual(revoked);
    await expect(users.exchangeApiKey({ body: { key: made.key } })).rejects.toMatchObject({
      code: 'users.api-key-invalid',
    });
    await expect(me.createApiKey({ body: { name: 'All', scopes: ['users.write'] } })).rejects.toMatchObject({
      code: 'users.scope-refused',
    });
    expect(host).toBeDefined();
  });

  it('alone reach what is theirs', async () => {
    const { member } = await desk();
    const { me, id } = await member();
    for (const call of [
      me.listMail({ query: {} }),
      me.setRole({ params: { id }, body: { role: 'operator' } }),
      me.listApiKeys({}),
      me.rotateKeys({}),
      me.signIn({ body: { email: 'x@y.zz', password: 'x', address: '192.0.2.1' } }),
    ]) {
      await expect(call).rejects.toMatchObject({ code: 'forbidden' });
    }
  });
});
