import { describe, expect, it } from 'vitest';
import { shopFront } from './shop-front.fixture.ts';

const SESSION = '/api/gateway/session';

describe('a browser', () => {
  it('becomes a guest, and stays the same one', async () => {
    const browser = (await shopFront()).browser();
    const { body: guest, headers } = await browser.ask(SESSION);
    expect(guest).toMatchObject({ kind: 'guest', visitorId: expect.any(String) });
    expect(headers.getSetCookie()[0]).toMatch(
      /^relearn_visitor=.+; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect((await browser.ask(SESSION)).body).toEqual(guest);
    expect((await browser.ask('/api/orders/orders')).status).toBe(200);
  });

  it('is somebody once it signs in, with its guest remembered, and a new guest after it signs out', async () => {
    const browser = (await shopFront()).browser();
    const { visitorId } = (await browser.ask(SESSION)).body;
    const { body } = await browser.signIn();
    expect(body).toMatchObject({ kind: 'shopper', visitorId });
    expect((await browser.ask(SESSION)).body).toMatchObject({ kind: 'shopper', userId: body.userId, visitorId });
    expect((await browser.ask('/api/users/me')).body).toMatchObject({ id: body.userId });
    const signedOut = await browser.ask(SESSION, { method: 'DELETE' });
    expect(signedOut.body).toMatchObject({ kind: 'guest' });
    expect(signedOut.body.visitorId).not.toBe(visitorId);
    expect([...browser.cookies.keys()]).toEqual(['relearn_visitor']);
    expect((await browser.ask('/api/users/me')).status).toBe(401);
  });

  it('that signs out leaves other browsers signed in', async () => {
    const front = await shopFront();
    const [one, other] = [front.browser(), front.browser()];
    await one.signIn();
    await other.signIn();
    await one.ask(SESSION, { method: 'DELETE' });
    expect((await other.ask('/api/users/me')).status).toBe(200);
    expect((await other.ask('/api/users/me/sessions')).body.sessions).toHaveLength(1);
  });

  it('is told what is wrong with its password, and to wait after many', async () => {
    const browser = (await shopFront()).browser();
    const refused = await browser.signIn('wrong');
    expect(refused).toMatchObject({ status: 401, body: { code: 'gateway.credentials-refused' } });
    await Promise.all(Array.from({ length: 12 }, () => browser.signIn('wrong')));
    expect(await browser.signIn()).toMatchObject({
      status: 429,
      body: { code: 'gateway.attempts-too-many', data: { retryAfterMs: expect.any(Number) } },
    });
  });

  it('goes on past its access token, by many requests at once, without being taken for a thief', async () => {
    const browser = (await shopFront()).browser();
    await browser.signIn();
    // As the browser does a minute before the token ends.
    browser.cookies.delete('relearn_session');
    const old = browser.cookies.get('relearn_refresh');
    const answers = await Promise.all(Array.from({ length: 8 }, () => browser.ask('/api/users/me')));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(browser.cookies.get('relearn_refresh')).not.toBe(old);
    expect((await browser.ask('/api/users/me')).status).toBe(200);
  });

  it('whose session has ended elsewhere is a guest again, with its cookies taken back', async () => {
    const front = await shopFront();
    const [one, other] = [front.browser(), front.browser()];
    await one.ask(SESSION);
    await one.signIn();
    await other.signIn();
    await other.ask('/api/users/me/sessions', { method: 'DELETE' });
    one.cookies.delete('relearn_session');
    const answer = await one.ask('/api/orders/orders');
    expect(answer.status).toBe(200);
    expect([...one.cookies.keys()]).toEqual(['relearn_visitor']);
  });

  it('asks who it is after its session ended: the reply takes old cookies back and keeps the guest', async () => {
    const front = await shopFront();
    const [browser, other] = [front.browser(), front.browser()];
    const { body: guest } = await browser.ask(SESSION);
    await browser.signIn();
    await other.signIn();
    await other.ask('/api/users/me/sessions', { method: 'DELETE' });
    browser.cookies.delete('relearn_session');
    const { body, headers } = await browser.ask(SESSION);
    expect(body).toEqual(guest);
    const named = headers.getSetCookie().map((line) => line.split('=', 1)[0]);
    expect(new Set(named)).toEqual(new Set(['relearn_visitor', 'relearn_session', 'relearn_refresh']));
    expect([...browser.cookies.keys()]).toEqual(['relearn_visitor']);
  });

  it('with cookies that were tampered with is nobody', async () => {
    const browser = (await shopFront()).browser();
    for (const name of ['relearn_visitor', 'relearn_session', 'relearn_refresh']) browser.cookies.set(name, 'x.y.z');
    browser.cookies.set('relearn_refresh', 'x'.repeat(400));
    expect((await browser.ask('/api/users/me')).status).toBe(401);
    expect((await browser.ask(SESSION)).body).toMatchObject({ kind: 'guest' });
  });
});
