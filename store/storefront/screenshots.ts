import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser } from './browser.ts';

const pictures = resolve(import.meta.dirname, '../../docs/pictures');
const { values } = parseArgs({ options: { url: { type: 'string', default: 'http://127.0.0.1:8080' } } });

/** Keeps pictures of the running shop for the README: `npm start`, then `node store/storefront/screenshots.ts`. */
async function keepPictures(url: string): Promise<void> {
  const browser = await launchBrowser();
  if (!browser) throw new Error('No Chromium was found: install it, or say where it is with CHROMIUM_PATH.');
  await mkdir(pictures, { recursive: true });
  try {
    const page = await browser.newPage({ viewport: { width: 1240, height: 696 } });
    const keep = (name: string) => page.screenshot({ path: join(pictures, `${name}.png`) });
    const settled = () => page.waitForLoadState('networkidle');
    await page.goto(url);
    await page.waitForSelector('[data-surface="for-you"] .card a');
    await settled();
    await keep('shop-home');
    await page.locator('[data-surface="for-you"] .card button').first().click();
    await page.locator('[data-surface="for-you"] .card button').nth(2).click();
    await page.setViewportSize({ width: 1240, height: 820 });
    await page.goto(`${url}/basket`);
    await page.waitForSelector('[data-surface="goes-with"] .card a');
    await settled();
    await keep('shop-basket');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(url);
    await page.waitForSelector('[data-surface="for-you"] .card a');
    await settled();
    await keep('shop-phone');
  } finally {
    await browser.close();
  }
}

await keepPictures(values.url);
console.log(`Pictures are in ${pictures}.`);
