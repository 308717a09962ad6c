import { text } from 'node:stream/consumers';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { noNatsServer, startNatsServer } from 'relearn/testing';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { findChromium, launchBrowser } from './browser.ts';
import { tabTo, violationsOf } from './look.fixture.ts';
import { openShopInProcesses, type ShopInProcesses } from './shop-in-processes.fixture.ts';
import { openTestShop, type TestShop } from './test-shop.fixture.ts';

const noChromium = (await findChromium()) === undefined && 'no Chromium was found; CHROMIUM_PATH says where it is';

interface Way {
  readonly name: string;
  /** Why it cannot be tried here. */
  readonly lacks: string | false | undefined;
  readonly hasProcesses: boolean;
  open(): Promise<TestShop>;
}

function nameOf(way: string, lacks: Way['lacks']): string {
  return lacks ? `${way} (skipped: ${lacks})` : way;
}

const ways: Way[] = [
  { name: nameOf('in one process', noChromium), lacks: noChromium, hasProcesses: false, open: openTestShop },
  {
    name: nameOf('with every service in a process of its own', noChromium || noNatsServer),
    lacks: noChromium || noNatsServer,
    hasProcesses: true,
    async open() {
      const nats = await startNatsServer();
      const shop = await openShopInProcesses(nats.url);
      const close = async () => {
        await shop.close();
        await nats[Symbol.asyncDispose]();
      };
      return { ...shop, close } satisfies ShopInProcesses;
    },
  },
];

const CARD_TAKEN = '4242 4242 4242 4242';
const CARD_DECLINED = '4000000000000002';
const CARD_3D_SECURE = '4000002500003155';

describe.each(ways)('shopping $name', { timeout: 60_000 }, ({ lacks, hasProcesses, open }) => {
  const it = lacks ? test.skip : test;
  let shop: TestShop;
  let browser: Browser;

  beforeAll(async () => {
    if (!lacks) [shop, browser] = await Promise.all([open(), launchBrowser() as Promise<Browser>]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await shop?.close();
  });

  it('a guest fills a cart, signs in and keeps it, pays, and sees the order ship', async () => {
    const { page } = await visitor();
    await putInCart(page, 'mug-01');
    await signIn(page, 'ada');
    await page.getByRole('link', { name: 'Cart, 1 item' }).click();
    await page.getByRole('button', { name: 'Check out' }).click();
    await placeOrder(page);
    expect(await violationsOf(page)).toEqual([]);
    await pay(page, CARD_TAKEN);
    await page.waitForSelector('[data-status="confirmed"]');
    await page.getByRole('link', { name: 'Cart, 0 items' }).waitFor();

    const { page: desk } = await visitor();
    await signIn(desk, 'operator');
    await desk.goto(`${shop.url}/operator/orders`);
    await desk
      .getByRole('button', { name: /^Ship order/ })
      .first()
      .click();
    await page.waitForSelector('[data-status="shipped"]');
    expect(await page.locator('[aria-current="step"]').innerText()).toBe('On its way');
  });

  it('needs no mouse', async () => {
    const { page } = await visitor();
    await signIn(page, 'greta');
    await page.goto(`${shop.url}/product/mug-02`);
    await press(page, /^Put in the cart$/);
    await page.getByRole('link', { name: 'Cart, 1 item' }).waitFor();
    await page.evaluate(() => (document.querySelector('.skip') as HTMLElement).focus());
    await press(page, /^Cart, 1 item/);
    await page.getByRole('heading', { name: 'Your cart', exact: true }).waitFor();
    await press(page, /^Check out$/);
    await page.getByLabel('Street and number').waitFor();
    for (const [label, text] of [
      ['Name', 'Greta'],
      ['Street and number', '1 Mill Lane'],
      ['Postal code', '10115'],
      ['City', 'Berlin'],
    ] as const) {
      await page.getByLabel(label, { exact: true }).focus();
      await page.keyboard.type(text);
    }
    await press(page, /^Place the order$/);
    await page.waitForSelector('[data-status="authorising"]');
  });

  it('a card that is declined can be followed by another', async () => {
    const { page } = await visitor();
    await putInCart(page, 'mug-03');
    await checkOut(page);
    await pay(page, CARD_DECLINED);
    await page
      .getByRole('alert')
      .getByText(/declined/)
      .waitFor();
    await pay(page, CARD_TAKEN);
    await page.waitForSelector('[data-status="confirmed"]');
  });

  it('a card of 3-D Secure asks its bank, and the order goes on', async () => {
    const { page } = await visitor();
    await putInCart(page, 'mug-04');
    await checkOut(page);
    await pay(page, CARD_3D_SECURE);
    await page.waitForURL(/\/payment-sandbox\//);
    await page.getByRole('button', { name: 'Approve the payment' }).click();
    await page.waitForURL(/\/orders\//);
    await page.waitForSelector('[data-status="confirmed"]');
  });

  it('an order that is called off says so, and the stock is back', async () => {
    const { page } = await visitor();
    await putInCart(page, 'mug-05');
    await checkOut(page);
    await page.getByRole('button', { name: 'Call the order off' }).click();
    await page.waitForSelector('[data-status="compensated"]');
    await page.getByText('You called it off.').waitFor();
  });

  it('signing out on one device leaves the other signed in', async () => {
    const [{ page: one }, { page: other }] = [await visitor(), await visitor()];
    await signIn(one, 'hugo');
    await signIn(other, 'hugo');
    await one.goto(`${shop.url}/account`);
    await one.getByRole('button', { name: 'Sign out', exact: true }).click();
    await one.getByRole('link', { name: 'Sign in' }).waitFor();
    await other.goto(`${shop.url}/account`);
    await other.getByRole('heading', { name: 'Your account' }).waitFor();
    expect(await violationsOf(other)).toEqual([]);
    await other.getByRole('heading', { name: 'Where you are signed in' }).waitFor();
    expect(await other.getByText('(this one)').count()).toBe(1);
    const download = other.waitForEvent('download');
    await other.getByRole('button', { name: 'Take it with you' }).click();
    const data = JSON.parse(await text(await (await download).createReadStream()));
    expect(data).toMatchObject({ account: { user: { name: 'Hugo' } }, orders: [], cart: { lines: [] } });
    expect(data.history.interactions.length).toBeGreaterThan(0);
  });

  it('a new shopper opens an account by the link in a letter, changes it, and deletes it', async () => {
    const { page } = await visitor();
    await page.goto(`${shop.url}/account/sign-up`);
    await page.getByLabel('E-mail').fill('new@example.org');
    await page.getByRole('button', { name: 'Send me a link' }).click();
    await page.getByText('We have written to new@example.org').waitFor();
    await page.goto(shop.url + (await letterLink('new@example.org')));
    await page.getByLabel('Your name').fill('Nova');
    await page.getByLabel('Password').fill('violet harbour 27');
    await page.getByRole('button', { name: 'Open the account' }).click();
    await page.getByRole('link', { name: 'Nova' }).click();
    await page.getByText('Delete the account').click();
    await page.locator('details[open]').getByLabel('Your password').fill('violet harbour 27');
    await page.getByRole('button', { name: 'Delete everything for good' }).click();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    await signIn(page, { email: 'new@example.org', password: 'violet harbour 27' }, { mayFail: true });
    await page
      .getByRole('alert')
      .getByText(/do not belong together/)
      .waitFor();
  });

  it('an operator changes a price, and a cart that holds the product shows both prices', async () => {
    const { page } = await visitor();
    await putInCart(page, 'mug-06');
    const { page: desk } = await visitor();
    await signIn(desk, 'operator');
    await desk.goto(`${shop.url}/operator/products`);
    await desk.getByLabel('Find').fill('mug');
    const row = desk.locator('[data-product="mug-06"]');
    await row.getByLabel(/^Price of/).fill('77.5');
    await row.getByRole('button', { name: /^Save/ }).click();
    await desk.getByText('is changed').waitFor();
    expect(await violationsOf(desk)).toEqual([]);
    await page.goto(`${shop.url}/cart`);
    await page.getByText(/Its price has changed from .* to .*77\.50/).waitFor();
    expect(await page.getByRole('button', { name: 'Check out' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Agree to the new price' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Check out' }).isDisabled()).toBe(false);
  });

  it('a cart that was changed in another window is shown as it is', async () => {
    const { page, context } = await visitor({ mayComplain: true });
    await putInCart(page, 'mug-01');
    await page.goto(`${shop.url}/cart`);
    const more = page.getByRole('button', { name: /more$/ });
    await more.waitFor();
    const second = await context.newPage();
    await second.goto(`${shop.url}/cart`);
    await second.getByRole('button', { name: /more$/ }).click();
    await second.locator('.cart output').getByText('2').waitFor();
    await more.click();
    await page.getByText('changed in another window').waitFor();
    expect(await page.locator('.cart output').innerText()).toBe('2');
  });

  // A service of a process that all share cannot be stopped alone.
  (hasProcesses ? it : leaveOut)(
    'the recommender stopped in the middle: the shop goes on, and it is back when it is',
    async () => {
      if (!isInProcesses(shop)) throw new Error('This shop has no processes.');
      const { page } = await visitor({ mayComplain: true });
      await putInCart(page, 'mug-02');
      await shop.stop('recommender', 'SIGKILL');
      await page.goto(`${shop.url}/cart`);
      await page.getByText('No suggestions just now').waitFor();
      await checkOut(page);
      await pay(page, CARD_TAKEN);
      await page.waitForSelector('[data-status="confirmed"]');
      await shop.start('recommender');
      await putInCart(page, 'mug-03');
      await page.goto(`${shop.url}/cart`);
      await page.waitForSelector('[data-surface="goes-with"] .card a');
    },
  );

  /** A browser of somebody who was never here; the test fails on anything that the browser complains about. */
  async function visitor({ mayComplain = false } = {}): Promise<{ page: Page; context: BrowserContext }> {
    const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'en-GB' });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      const isRefusal = /status of 4\d\d/.test(message.text());
      if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
    });
    onTestFinished(async () => {
      await context.close();
      if (!mayComplain) expect(complaints).toEqual([]);
    });
    return { page, context };
  }

  async function putInCart(page: Page, productId: string): Promise<void> {
    await page.goto(`${shop.url}/product/${productId}`);
    await page.getByRole('button', { name: 'Put in the cart' }).click();
    await page.getByRole('link', { name: 'Cart, 1 item' }).waitFor();
  }

  async function signIn(
    page: Page,
    who: string | { email: string; password: string },
    { mayFail = false } = {},
  ): Promise<void> {
    const account = typeof who === 'string' ? shop.accounts.find(({ email }) => email.startsWith(`${who}@`)) : who;
    if (!account) throw new Error(`Nobody is called ${JSON.stringify(who)}.`);
    await page.goto(`${shop.url}/account/sign-in`);
    await page.getByLabel('E-mail').fill(account.email);
    await page.getByLabel('Password').fill(account.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    if (!mayFail) await page.waitForURL(`${shop.url}/`);
  }

  async function checkOut(page: Page): Promise<void> {
    await page.goto(`${shop.url}/checkout`);
    await page.getByLabel('E-mail').fill('guest@example.org');
    await placeOrder(page);
  }

  async function placeOrder(page: Page): Promise<void> {
    await page.getByLabel('Name', { exact: true }).fill('Ada');
    await page.getByLabel('Street and number').fill('1 Mill Lane');
    await page.getByLabel('Postal code').fill('10115');
    await page.getByLabel('City').fill('Berlin');
    await page.getByRole('button', { name: 'Place the order' }).click();
    await page.getByLabel('Card number').waitFor();
  }

  async function pay(page: Page, number: string): Promise<void> {
    await page.getByLabel('Card number').fill(number);
    await page.getByLabel(/^Valid through/).fill('12/30');
    await page.getByLabel('Security code').fill('123');
    await page.getByRole('button', { name: 'Pay', exact: true }).click();
  }

  async function press(page: Page, label: RegExp): Promise<void> {
    await tabTo(page, label);
    await page.keyboard.press('Enter');
  }

  /** Path of the link in the latest letter to an address, as an operator finds it in the mailbox. */
  async function letterLink(email: string): Promise<string> {
    const { page } = await visitor();
    await signIn(page, 'operator');
    await page.goto(`${shop.url}/operator/mail`);
    await page.locator('summary', { hasText: email }).first().click();
    return (await page.locator('details[open] a').first().getAttribute('href'))!;
  }
});

/** In the place of a test that has no meaning here. */
function leaveOut(): void {}

function isInProcesses(shop: TestShop): shop is ShopInProcesses {
  return 'stop' in shop;
}
