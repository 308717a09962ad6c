import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { findChromium, launchBrowser } from './browser.ts';
import { buildStorefront } from './build.ts';
import {
  brokenPictures,
  overlap,
  pickShopper,
  shiftOf,
  smallTargets,
  titlesOf,
  violationsOf,
  widthOver,
} from './look.fixture.ts';
import { openTestShop, type TestShop } from './test-shop.fixture.ts';

const hasChromium = (await findChromium()) !== undefined;
const name = hasChromium ? 'the shop' : 'the shop (skipped: no Chromium was found; CHROMIUM_PATH says where it is)';

it('the first load is small', async () => {
  const folder = await buildStorefront();
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  const scripts = Array.from(page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g), ([, path]) => path!);
  const sizes = await Promise.all(scripts.map(async (path) => gzipSync(await readFile(join(folder, path))).length));
  expect(scripts.length).toBeGreaterThan(0);
  expect(sizes.reduce((sum, sizeBytes) => sum + sizeBytes, 0)).toBeLessThan(60 * 1024);
});

describe.skipIf(!hasChromium)(name, { timeout: 20_000 }, () => {
  let shop: TestShop;
  let browser: Browser;

  beforeAll(async () => {
    [shop, browser] = await Promise.all([openTestShop(), launchBrowser() as Promise<Browser>]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await shop?.close();
  });

  it('home shows three rows, each item with its reason, and nothing is amiss', async () => {
    const page = await visit('/');
    await pickShopper(page, 'Ada');
    for (const surface of ['for-you', 'popular', 'buy-again']) {
      await page.waitForSelector(`[data-surface="${surface}"] .card a`);
    }
    const reasons = await page.locator('[data-surface="for-you"] .reason').allTextContents();
    expect(reasons.length).toBeGreaterThanOrEqual(6);
    for (const reason of reasons) expect(reason).toMatch(/\w{3,}/);
    expect(await brokenPictures(page)).toEqual([]);
  });

  it('another shopper gets other rows', async () => {
    const page = await visit('/');
    await pickShopper(page, 'Ada');
    const first = await titlesOf(page, 'for-you');
    await pickShopper(page, 'Bruno');
    const second = await titlesOf(page, 'for-you');
    expect(overlap(first, second)).toBeLessThan(0.5);
    await pickShopper(page, 'Guest');
    await page.waitForSelector('[data-surface="for-you"] .card a');
    expect(await page.locator('[data-surface="buy-again"]').count()).toBe(0);
  });

  it('how a row was chosen names version and decision', async () => {
    const page = await visit('/');
    const row = page.locator('[data-surface="for-you"][data-decision]');
    await row.locator('summary').click();
    expect(await row.locator('dl').innerText()).toContain(await row.getAttribute('data-decision'));
    expect(await row.locator('.degraded').count()).toBe(0);
  });

  it('search as you type forgives a typing error, and narrows by category', async () => {
    const page = await visit('/');
    await page.getByRole('searchbox').pressSequentially('lantren');
    await page.waitForURL(/\/search\?q=lantren/);
    await page.waitForSelector('.search .card a');
    expect(await page.locator('.search h3').allTextContents()).toContainEqual(expect.stringContaining('Lantern'));
    const all = await page.locator('.search .card').count();
    const facet = page.getByRole('navigation', { name: 'Narrow by category' }).getByRole('link').last();
    const category = await facet.innerText();
    await facet.click();
    await page.waitForSelector('[aria-current="true"]');
    await page.waitForSelector('.search[aria-busy="false"]');
    expect(await page.locator('.search .card').count()).toBe(Number(/\d+/.exec(category)?.[0]));
    expect(all).toBeGreaterThan(0);
  });

  it('a search without a match says so', async () => {
    const page = await visit('/search?q=zzzzqqqq');
    await page.getByText('Nothing matches').waitFor();
  });

  it('what goes with the cart follows the cart', async () => {
    const page = await visit('/search?q=mug');
    await page.locator('.card button').first().click();
    await page.getByRole('link', { name: /^Cart/ }).click();
    const first = await titlesOf(page, 'goes-with');
    expect(first.length).toBeGreaterThan(0);
    const decision = await page.getAttribute('[data-surface="goes-with"]', 'data-decision');
    await page.locator('[data-surface="goes-with"] .card button').first().click();
    await page.waitForSelector(`[data-surface="goes-with"]:not([data-decision="${decision}"])`);
    expect(await page.locator('.cart li').count()).toBe(2);
    expect(await titlesOf(page, 'goes-with')).not.toContain(first[0]);
  });

  it('a click and a view are recorded with the person who looked, and the next answer is another', async () => {
    const page = await visit('/');
    await pickShopper(page, 'Hugo');
    const card = page.locator('[data-surface="for-you"] .card a').first();
    await card.waitFor();
    const itemId = (await card.getAttribute('href'))?.replace('/product/', '');
    const decision = await page.getAttribute('[data-surface="for-you"]', 'data-decision');
    const sent = page.waitForRequest((request) => request.postData()?.includes('"click"') === true);
    await card.click();
    const click = (await sent).postDataJSON().interactions.find(({ kind }: { kind: string }) => kind === 'click');
    expect(click).toMatchObject({ itemId, decisionId: decision, slot: 0 });
    await page.waitForSelector('[data-surface="similar-to"] .card a');
    const { interactions } = await shop.recommender.getHistory({ params: { userId: 'shopper-0008' }, query: {} });
    const kinds = interactions.filter((one) => one.itemId === itemId).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['view', 'click']));
    await page.goBack();
    await page.waitForSelector('[data-surface="for-you"] .card a');
    expect(await page.getAttribute('[data-surface="for-you"]', 'data-decision')).not.toBe(decision);
  });

  it('fits a phone of 360 pixels, with targets that a finger finds', async () => {
    const page = await visit('/', { width: 360, height: 740 });
    await pickShopper(page, 'Ada');
    await page.waitForSelector('[data-surface="buy-again"] .card');
    expect(await widthOver(page)).toBe(0);
    expect(await smallTargets(page)).toEqual([]);
    await page.locator('.card button').first().click();
    for (const path of ['/cart', '/search?q=tea', '/product/mug-01']) {
      await page.goto(shop.url + path);
      await page.waitForSelector('.card a');
      expect(await widthOver(page)).toBe(0);
    }
  });

  it.each([
    ['desk', 1240, 900],
    ['phone', 360, 740],
  ])('nothing jumps while it loads: %s', async (_, width, height) => {
    const page = await visit('/', { width, height });
    await page.waitForSelector('[data-surface="popular"] .card a');
    expect(await shiftOf(page)).toBeLessThan(0.02);
    await page.goto(`${shop.url}/product/mug-01`);
    await page.waitForSelector('[data-surface="similar-to"] .card a');
    expect(await shiftOf(page)).toBeLessThan(0.02);
    await page.getByRole('button', { name: 'Put in the cart' }).click();
    await page.getByRole('link', { name: 'Cart, 1 item' }).waitFor();
    await page.goto(`${shop.url}/cart`);
    await page.waitForSelector('[data-surface="goes-with"] .card a');
    expect(await shiftOf(page)).toBeLessThan(0.02);
  });

  it.each(['light', 'dark'] as const)('axe finds nothing: %s', async (colorScheme) => {
    const page = await visit('/product/mug-01', undefined, { colorScheme });
    await page.getByRole('button', { name: 'Put in the cart' }).click();
    for (const path of [
      '/',
      '/product/mug-01',
      '/cart',
      '/checkout',
      '/search?q=latte',
      '/orders',
      '/account/sign-in',
      '/account/sign-up',
      '/nowhere',
    ]) {
      await page.goto(shop.url + path);
      await page.waitForLoadState('networkidle');
      expect(await violationsOf(page), path).toEqual([]);
    }
  });

  it('a row that cannot be had says so, leaves the rest, and can be asked for again', async () => {
    const page = await visit('/search?q=tea', undefined, { mayComplain: true });
    await page.route('**/api/recommender/popular', (route) => route.abort());
    await page.getByRole('link', { name: 'Lantern & Loom' }).click();
    await page.locator('[data-surface="popular"] .trouble').waitFor();
    await page.waitForSelector('[data-surface="for-you"] .card a');
    expect(await violationsOf(page)).toEqual([]);
    await page.unroute('**/api/recommender/popular');
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.waitForSelector('[data-surface="popular"] .card a');
  });

  it('while the recommender is away, what was shown stays for its shopper, and is never shown to another', async () => {
    const page = await visit('/', undefined, { mayComplain: true });
    await pickShopper(page, 'Chiara');
    const before = await titlesOf(page, 'for-you');
    await page.route('**/api/recommender/**', (route) => route.fulfill({ status: 503, json: { title: 'Away' } }));
    await page.locator('[data-surface="for-you"] .card button').first().click();
    await page.getByRole('link', { name: 'Cart, 1 item' }).waitFor();
    expect(await titlesOf(page, 'for-you')).toEqual(before);
    await page.getByRole('group', { name: 'See the shop as' }).getByRole('button', { name: 'Dae' }).click();
    await page.locator('[data-surface="for-you"] .trouble').waitFor();
    expect(await page.locator('[data-surface="for-you"] .card a').count()).toBe(0);
  });

  it('on its first day, before anything was learnt, the shop says so and is open', async () => {
    const firstDay = await openTestShop({ isFirstDay: true });
    onTestFinished(() => firstDay.close());
    const page = await visit('/', undefined, { url: firstDay.url, mayComplain: true });
    await page.locator('[data-surface="for-you"]').getByText('Still learning').waitFor();
    await page.waitForSelector('[data-surface="for-you"][aria-busy="false"]');
    await page.getByRole('navigation', { name: 'Categories' }).getByRole('link').first().click();
    await page.waitForSelector('.search .card a');
  });

  it('what was done while the shop could not be reached is told later, once', async () => {
    const page = await visit('/', undefined, { mayComplain: true });
    await pickShopper(page, 'Bruno');
    await page.goto(`${shop.url}/product/mug-02`);
    await page.route('**/api/recommender/interactions', (route) => route.abort());
    await page.getByRole('button', { name: 'Put in the cart' }).click();
    await page.getByRole('link', { name: 'Cart, 1 item' }).waitFor();
    await page.unroute('**/api/recommender/interactions');
    const told = page.waitForResponse(/interactions$/);
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await told;
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await expect.poll(() => cartAddsOf('shopper-0002', 'mug-02')).toBe(1);
  });

  it('what was done while the shop could not be reached outlives a reload', async () => {
    const page = await visit('/', undefined, { mayComplain: true });
    await pickShopper(page, 'Farid');
    await page.goto(`${shop.url}/product/mug-03`);
    await page.route('**/api/recommender/interactions', (route) => route.abort());
    await page.getByRole('button', { name: 'Put in the cart' }).click();
    await page.getByRole('link', { name: 'Cart, 1 item' }).waitFor();
    await page.reload();
    expect(await cartAddsOf('shopper-0006', 'mug-03')).toBe(0);
    await page.unroute('**/api/recommender/interactions');
    await page.reload();
    await expect.poll(() => cartAddsOf('shopper-0006', 'mug-03')).toBe(1);
    await expect.poll(() => page.evaluate(() => localStorage.getItem('untold'))).toBe('[]');
  });

  async function cartAddsOf(userId: string, itemId: string): Promise<number> {
    const { interactions } = await shop.recommender.getHistory({ params: { userId }, query: {} });
    return interactions.filter((one) => one.kind === 'cart-add' && one.itemId === itemId).length;
  }

  /** Opens a page with an empty browser; the test fails on anything that the browser complains about. */
  async function visit(
    path: string,
    viewport = { width: 1240, height: 900 },
    { mayComplain = false, colorScheme = 'light' as 'light' | 'dark', url = shop.url } = {},
  ) {
    const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    onTestFinished(async () => {
      await context.close();
      if (!mayComplain) expect(complaints).toEqual([]);
    });
    await page.goto(url + path);
    return page;
  }
});
