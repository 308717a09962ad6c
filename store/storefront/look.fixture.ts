import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

const axe = readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** Titles of a row once it has settled. */
export async function titlesOf(page: Page, surface: string): Promise<string[]> {
  await page.waitForSelector(`[data-surface="${surface}"][aria-busy="false"] .card a`);
  return page.locator(`[data-surface="${surface}"] h3`).allTextContents();
}

/** Looks at the shop as a demo shopper: signs in on the home page. */
export async function pickShopper(page: Page, shopper: string): Promise<void> {
  await page.waitForSelector('[data-surface="for-you"][data-decision]');
  const decision = await page.getAttribute('[data-surface="for-you"]', 'data-decision');
  await page.getByRole('group', { name: 'See the shop as' }).getByRole('button', { name: shopper }).click();
  await page.waitForSelector(`[data-surface="for-you"]:not([data-decision="${decision}"])`);
}

export async function tabTo(page: Page, label: RegExp): Promise<void> {
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

export function overlap(first: readonly string[], second: readonly string[]): number {
  return first.filter((title) => second.includes(title)).length / Math.min(first.length, second.length);
}

export function brokenPictures(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.images].filter((image) => image.complete && image.naturalWidth === 0).map(({ src }) => src),
  );
}

export function widthOver(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('button, input, select, summary, a:not(.skip)')]
      .filter((element) => element.getClientRects().length > 0 && element.getBoundingClientRect().height < 43.5)
      .map((element) => element.outerHTML.slice(0, 80)),
  );
}

/** What axe-core holds against a page, WCAG 2.2 AA and good practice, as `rule: element`. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(await axe);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
  });
}

export function shiftOf(page: Page): Promise<number> {
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
