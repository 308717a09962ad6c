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
    const page = await browser.newPage({ viewport: { width: 1240, height: 860 } });
    const keep = (name: string) => page.screenshot({ path: join(pictures, `${name}.png`) });
    const settled = () => page.waitForLoadState('networkidle');
    await page.goto(url);
    await page.getByRole('group', { name: 'See the shop as' }).getByRole('button', { name: 'Ada' }).click();
    await page.waitForSelector('[data-surface="buy-again"] .card a');
    await settled();
    await keep('shop-home');
    await page.locator('[data-surface="for-you"] .card button').first().click();
    await page.getByRole('link', { name: 'Cart, 1 item' }).waitFor();
    await page.locator('[data-surface="for-you"] .card button').nth(2).click();
    await page.getByRole('link', { name: 'Cart, 2 items' }).waitFor();
    await page.setViewportSize({ width: 1240, height: 820 });
    await page.goto(`${url}/cart`);
    await page.waitForSelector('[data-surface="goes-with"] .card a');
    await settled();
    await keep('shop-cart');
    await page.goto(`${url}/checkout`);
    for (const [label, text] of [
      ['Name', 'Ada'],
      ['Street and number', '1 Mill Lane'],
      ['Postal code', '10115'],
      ['City', 'Berlin'],
    ] as const) {
      await page.getByLabel(label, { exact: true }).fill(text);
    }
    await page.getByRole('button', { name: 'Place the order' }).click();
    await page.getByLabel('Card number').fill('4242 4242 4242 4242');
    await page.getByLabel(/^Valid through/).fill('12/30');
    await page.getByLabel('Security code').fill('123');
    await page.getByRole('button', { name: 'Pay', exact: true }).click();
    await page.waitForSelector('[data-status="confirmed"]');
    await page.getByText('Everything that happened').click();
    await keep('shop-order');
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
