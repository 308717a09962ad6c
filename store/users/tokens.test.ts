import { connect, startHost } from 'relearn';
import { temporaryHome } from 'relearn/testing';
import { expect, it, onTestFinished } from 'vitest';
import { PASSWORD } from './accounts.fixture.ts';
import { usersContract } from './contract.ts';
import users from './main.ts';

async function running() {
  const home = await temporaryHome();
  const env = { LOG_LEVEL: 'silent', PORT: '0' };
  const host = await startHost({ services: [users], home: home.path, env });
  onTestFinished(async () => {
    await host.close();
    await home[Symbol.asyncDispose]();
  });
  const asService = host.client(usersContract);
  const email = 'ada@example.org';
  await asService.createUser({ body: { email, password: PASSWORD } });
  const signIn = () => asService.signIn({ body: { email, password: PASSWORD, address: '192.0.2.1' } });
  const over = (token: string) => {
    const connection = connect(usersContract, { url: host.url, token });
    onTestFinished(() => connection[Symbol.asyncDispose]());
    return connection;
  };
  return { host, asService, signIn, over };
}

it('is known over HTTP by its access token, also after the keys have changed', async () => {
  const { host, asService, signIn, over } = await running();
  const first = await signIn();
  const me = over(first.accessToken);
  expect(await me.getMe({})).toMatchObject({ email: 'ada@example.org' });
  const { keyIds } = await asService.rotateKeys({});
  expect(keyIds).toHaveLength(2);
  const second = await signIn();
  expect(JSON.parse(Buffer.from(second.accessToken.split('.')[0]!, 'base64url').toString()).kid).toBe(keyIds[0]);
  expect(await me.getMe({})).toMatchObject({ email: 'ada@example.org' });
  expect(await over(second.accessToken).getMe({})).toMatchObject({ email: 'ada@example.org' });
  const published = (await (await fetch(`${host.url}/.well-known/jwks.json`)).json()) as { keys: object[] };
  expect(published.keys).toHaveLength(2);
  expect(JSON.stringify(published)).not.toContain('"d"');
});

it('refuses a token that was tampered with, and one of a partner beyond its scopes', async () => {
  const { asService, signIn, over } = await running();
  const { accessToken } = await signIn();
  const [head, , signature] = accessToken.split('.');
  const forged = Buffer.from(JSON.stringify({ iss: 'relearn', aud: 'relearn', sub: 'x', kind: 'operator', sid: 'y' }));
  await expect(over(`${head}.${forged.toString('base64url')}.${signature}`).getMe({})).rejects.toMatchObject({
    code: 'unauthenticated',
  });
  const { key } = await asService.createApiKey({ body: { name: 'Feed', scopes: ['catalog.read'] } });
  const partner = over((await asService.exchangeApiKey({ body: { key } })).accessToken);
  await expect(partner.listMail({ query: {} })).rejects.toMatchObject({ code: 'forbidden' });
});
