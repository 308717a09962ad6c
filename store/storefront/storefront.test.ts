import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { findChromium, launchBrowser } from './browser.ts';
import { buildStorefront } from './build.ts';
import { openTestShop, type TestShop } from './test-shop.fixture.ts';

const hasChromium = (await findChromium()) !== undefined;
const axe = readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const name = hasChromium ? 'the shop' : 'the shop (skipped: no Chromium was found; CHROMIUM_PATH says where it is)';

it('the first load is small', async () => {
  const folder = join(await buildStorefront(), 'assets');
  const scripts = (await readdir(folder)).filter((file) => file.endsWith('.js'));
  const sizes = await Promise.all(scripts.map(async (file) => gzipSync(await readFile(join(folder, file))).length));
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

  it('what goes with the basket follows the basket', async () => {
    const page = await visit('/search?q=mug');
    await page.locator('.card button').first().click();
    await page.getByRole('link', { name: /^Basket/ }).click();
    const first = await titlesOf(page, 'goes-with');
    expect(first.length).toBeGreaterThan(0);
    const decision = await page.getAttribute('[data-surface="goes-with"]', 'data-decision');
    await page.locator('[data-surface="goes-with"] .card button').first().click();
    await page.waitForSelector(`[data-surface="goes-with"]:not([data-decision="${decision}"])`);
    expect(await page.locator('.basket li').count()).toBe(2);
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
    expect((await sent).postDataJSON().interactions[0]).toMatchObject({ itemId, decisionId: decision, slot: 0 });
    await page.waitForSelector('[data-surface="similar-to"] .card a');
    const { interactions } = await shop.recommender.getHistory({ params: { userId: 'shopper-0008' }, query: {} });
    const kinds = interactions.filter((one) => one.itemId === itemId).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['view', 'click']));
    await page.goBack();
    await page.waitForSelector('[data-surface="for-you"] .card a');
    expect(await page.getAttribute('[data-surface="for-you"]', 'data-decision')).not.toBe(decision);
  });

  it('a purchase needs no mouse', async () => {
    const page = await visit('/');
    await pickShopper(page, 'Greta');
    await page.waitForSelector('[data-surface="for-you"] .card a');
    await tabTo(page, /^Add .* to the basket$/);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Basket, 1 item' }).waitFor();
    await page.evaluate(() => scrollTo(0, 0));
    await page.locator('.skip').focus();
    await tabTo(page, /^Basket, 1 item/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your basket', exact: true }).waitFor();
    await tabTo(page, /^Buy$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    const { interactions } = await shop.recommender.getHistory({
      params: { userId: 'shopper-0007' },
      query: { limit: 2 },
    });
    expect(interactions.map(({ kind }) => kind)).toEqual(['purchase', 'cart-add']);
  });

  it('fits a phone of 360 pixels, with targets that a finger finds', async () => {
    const page = await visit('/', { width: 360, height: 740 });
    await page.waitForSelector('[data-surface="buy-again"] .card');
    expect(await widthOver(page)).toBe(0);
    expect(await smallTargets(page)).toEqual([]);
    await page.locator('.card button').first().click();
    for (const path of ['/basket', '/search?q=tea', '/product/mug-01']) {
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
    await page.waitForSelector('[data-surface="buy-again"] .card a');
    expect(await shiftOf(page)).toBeLessThan(0.02);
    await page.goto(`${shop.url}/product/mug-01`);
    await page.waitForSelector('[data-surface="similar-to"] .card a');
    expect(await shiftOf(page)).toBeLessThan(0.02);
    await page.getByRole('button', { name: 'Put in the basket' }).click();
    await page.goto(`${shop.url}/basket`);
    await page.waitForSelector('[data-surface="goes-with"] .card a');
    expect(await shiftOf(page)).toBeLessThan(0.02);
  });

  it.each(['light', 'dark'] as const)('axe finds nothing: %s', async (colorScheme) => {
    const page = await visit('/product/mug-01', undefined, { colorScheme });
    await page.getByRole('button', { name: 'Put in the basket' }).click();
    for (const path of ['/', '/product/mug-01', '/basket', '/search?q=latte', '/nowhere']) {
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
    await page.getByRole('link', { name: 'Basket, 1 item' }).waitFor();
    expect(await titlesOf(page, 'for-you')).toEqual(before);
    await page.getByLabel('Shopping as').selectOption({ label: 'Dae' });
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
    await page.getByRole('button', { name: 'Put in the basket' }).click();
    await page.getByRole('link', { name: 'Basket, 1 item' }).waitFor();
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
    await page.getByRole('button', { name: 'Put in the basket' }).click();
    await page.getByRole('link', { name: 'Basket, 1 item' }).waitFor();
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

/** Titles of a row once it has settled. */
async function titlesOf(page: Page, surface: string): Promise<string[]> {
  await page.waitForSelector(`[data-surface="${surface}"][aria-busy="false"] .card a`);
  return page.locator(`[data-surface="${surface}"] h3`).allTextContents();
}

async function pickShopper(page: Page, shopper: string): Promise<void> {
  await page.waitForSelector('[data-surface="for-you"][data-decision]');
  const decision = await page.getAttribute('[data-surface="for-you"]', 'data-decision');
  await page.getByLabel('Shopping as').selectOption({ label: shopper });
  await page.waitForSelector(`[data-surface="for-you"]:not([data-decision="${decision}"])`);
}

async function tabTo(page: Page, label: RegExp): Promise<void> {
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    });
    if (label.test(focused.trim())) return;
  }
  throw new Error(`No ${label} was reached with Tab.`);
}

function overlap(first: readonly string[], second: readonly string[]): number {
  return first.filter((title) => second.includes(title)).length / Math.min(first.length, second.length);
}

function brokenPictures(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.images].filter((image) => image.complete && image.naturalWidth === 0).map(({ src }) => src),
  );
}

function widthOver(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('button, input, select, summary, a:not(.skip)')]
      .filter((element) => element.getClientRects().length > 0 && element.getBoundingClientRect().height < 43.5)
      .map((element) => element.outerHTML.slice(0, 80)),
  );
}

/** What axe-core holds against a page, WCAG 2.2 AA and good practice, as `rule: element`. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(await axe);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
  });
}

function shiftOf(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let shift = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) shift += entry.value;
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => resolve(shift), 300);
      }),
  );
}
