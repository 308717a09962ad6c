import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../contract/caller.ts';
import { connect } from './connect.ts';
import { deskContract, deskService } from './desk.fixture.ts';
import type { Identity } from './identity/identity.ts';
import { ownToken } from './identity/own-token.ts';
import { testFolder, testHost } from './test-host.ts';

const callers: Record<string, Caller> = {
  anonymous: { kind: 'anonymous' },
  guest: { kind: 'guest', visitorId: 'v1' },
  shopper: { kind: 'shopper', userId: 'u1', sessionId: 's1', visitorId: 'v1' },
  operator: { kind: 'operator', userId: 'u2', sessionId: 's2' },
  reader: { kind: 'partner', keyId: 'k1', scopes: ['desk.read'] },
  stranger: { kind: 'partner', keyId: 'k2', scopes: ['orders.read', 'desk.write'] },
  service: { kind: 'service', name: 'cart' },
};

const may: Record<string, readonly string[]> = {
  forPublic: Object.keys(callers),
  forVisitor: ['guest', 'shopper', 'operator', 'service'],
  forShopper: ['shopper', 'operator', 'service'],
  forOperator: ['operator', 'reader', 'service'],
  forService: ['service'],
};

const table = Object.keys(may).flatMap((name) => Object.keys(callers).map((who) => ({ name, who })));

async function usersKeys(kid = 'one') {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', kty: 'OKP' };
  const sign = (claims: object, { expires = '5m' }: { expires?: string | number } = {}) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setIssuer('relearn')
      .setAudience('relearn')
      .setExpirationTime(expires)
      .sign(privateKey);
  return { jwk, sign };
}

describe('Access', () => {
  it.each(table)('$name, $who', async ({ name, who }) => {
    const host = await testHost({ services: [deskService()], listen: false });
    const asked = host.client(deskContract, callers[who])[name as 'forPublic']({});
    if (may[name]!.includes(who)) return expect(await asked).toEqual({ caller: callers[who] });
    const code = who === 'anonymous' || (who === 'guest' && name !== 'forService') ? 'unauthenticated' : 'forbidden';
    await expect(asked).rejects.toMatchObject({ code });
  });

  it('lets partners write with the scope to write alone', async () => {
    const host = await testHost({ services: [deskService()], listen: false });
    expect(await host.client(deskContract, callers.stranger).change({})).toEqual({ changes: 1 });
    await expect(host.client(deskContract, callers.reader).change({})).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('keeps the record of a keyed operation for its caller alone', async () => {
    const host = await testHost({ services: [deskService()], listen: false });
    const change = (who: string) => host.client(deskContract, callers[who]).change({}, { idempotencyKey: 'same' });
    expect([await change('operator'), await change('service'), await change('operator')]).toEqual([
      { changes: 1 },
      { changes: 2 },
      { changes: 1 },
    ]);
  });
});

describe('Tokens', () => {
  it('tell shoppers, partners, guests and services apart over HTTP', async () => {
    const { jwk, sign } = await usersKeys();
    let identity!: Identity;
    const takeIdentity = (given: Identity) => {
      identity = given;
    };
    const home = await testFolder();
    const desk = deskService({ keySet: () => ({ keys: [jwk] }), takeIdentity });
    const { url } = await testHost({ services: [desk], home });
    const who = async (token: string) => (await connect(deskContract, { url, token }).forPublic({})).caller;
    const { shopper, reader, guest } = callers;
    expect(await who(await sign({ sub: 'u1', kind: 'shopper', sid: 's1', vid: 'v1' }))).toEqual(shopper);
    expect(await who(await sign({ sub: 'k1', kind: 'partner', scope: 'desk.read' }))).toEqual(reader);
    expect(await who(await identity.guestToken('v1'))).toEqual(guest);
    expect(await who(await (await ownToken(home, {}))())).toEqual({ kind: 'service', name: 'cli' });
    expect(await (await fetch(`${url}/.well-known/jwks.json`)).json()).toEqual({ keys: [jwk] });
  });

  it('are refused when forged, expired, of a kind the key may not speak of, or no token', async () => {
    const { jwk, sign } = await usersKeys();
    const forger = await usersKeys();
    const { url } = await testHost({ services: [deskService({ keySet: () => ({ keys: [jwk] }) })] });
    const shopper = { sub: 'u1', kind: 'shopper', sid: 's1' };
    const bad = [
      await forger.sign(shopper),
      await sign(shopper, { expires: Math.floor(Date.now() / 1000) - 60 }),
      await sign({ sub: 'cart', kind: 'service' }),
      await sign({ sub: 'v1', kind: 'guest' }),
      await sign({ kind: 'shopper', sid: 's1' }),
      `${(await sign(shopper)).split('.').slice(0, 2).join('.')}.`,
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"u1"}').toString('base64url')}.`,
      'nonsense',
    ];
    for (const token of bad) {
      const response = await fetch(`${url}/api/desk/for/public`, { headers: { authorization: `Bearer ${token}` } });
      expect([token, response.status, response.headers.get('www-authenticate')]).toEqual([token, 401, 'Bearer']);
    }
    const basic = await fetch(`${url}/api/desk/for/public`, { headers: { authorization: 'Basic dTpw' } });
    expect((await basic.json()) as object).toMatchObject({ code: 'unauthenticated' });
  });

  it('of the next key are taken as soon as it is published, by other processes too', async () => {
    const [one, two] = [await usersKeys('one'), await usersKeys('two')];
    const keys = [one.jwk];
    const users = await testHost({ services: [deskService({ keySet: () => ({ keys: [...keys] }) })] });
    const env = { PORT: '0', LOG_LEVEL: 'silent', IDENTITY_URL: users.url };
    const other = await testHost({ services: [deskService()], env });
    const claims = { sub: 'u2', kind: 'operator', sid: 's2' };
    const token = await two.sign(claims);
    const who = (url: string) => connect(deskContract, { url, token }).forOperator({});
    await expect(who(users.url)).rejects.toMatchObject({ code: 'unauthenticated' });
    keys.unshift(two.jwk);
    for (const { url } of [users, other]) expect(await who(url)).toEqual({ caller: callers.operator });
  });

  it('cannot be judged while the keys are out of reach', async () => {
    const { sign } = await usersKeys();
    const env = { PORT: '0', LOG_LEVEL: 'silent', IDENTITY_URL: 'http://127.0.0.1:9' };
    const { url } = await testHost({ services: [deskService()], env });
    const token = await sign({ sub: 'u1', kind: 'shopper', sid: 's1' });
    const asked = connect(deskContract, { url, token, attemptsMax: 1 }).forShopper({});
    await expect(asked).rejects.toMatchObject({ code: 'identity-unavailable' });
  });
});
