import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClientOf, genericAiContract, type Started, untilTrained } from 'relearn';
import { recommenderContract } from '../services/recommender/contract.ts';
import { catalogContract } from './catalog/contract.ts';
import { type DemoAccount, openDemoAccounts } from './demo-accounts.ts';
import { importOnlineRetail, summaryLines } from './import/index.ts';
import { letShoppersIn, madeUpShopFolder, openMadeUpShop } from './made-up-shop.ts';
import { usersContract } from './users/contract.ts';

/** Nobody waits for trials that take longer than this to begin and end: those of a later training are given their time. */
const FIRST_TRAINING_MS = 1_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

/**
 * What `npm start` does once everything listens: brings the shop's data (the file of `--import`, or the made-up shop where there are none), trains a
 * first version, lets simulated shoppers in, and says where to look. What is there already is not done again.
 */
export async function openShop({
  host,
  url,
  home,
  services,
  flags,
}: Started): Promise<(() => Promise<void>) | undefined> {
  if (!services.includes('catalog') || !services.includes('recommender')) return undefined;
  const startedMs = performance.now();
  const clients = { catalog: host.client(catalogContract), recommender: host.client(recommenderContract) };
  const ai = host.client(genericAiContract('recommender'));
  const file = flags.import;
  if (typeof file === 'string') {
    const summary = await importOnlineRetail(file, clients, { progress: (_, note) => say(`  ${note}`) });
    for (const line of summaryLines(summary)) say(`  ${line}`);
  }
  const isMadeUp = typeof file !== 'string' && (await isEmptyOrMadeUp(clients.catalog, home));
  const shop = isMadeUp ? await openMadeUpShop(clients, home, Date.now()) : undefined;
  const accounts = services.includes('users')
    ? await openShopAccounts(host.client(usersContract), { home, isMadeUp })
    : [];
  const first = { reason: 'a shop opened', budget: { timeMs: FIRST_TRAINING_MS } };
  const champion = await untilTrained(ai, { ...first, anew: typeof file === 'string' });
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  say(
    champion
      ? `Trained (${champion.trial}) and answering after ${seconds} s.`
      : 'Answering by recent popularity: there is too little to learn from yet.',
  );
  say('');
  say(`  The shop            ${url}`);
  for (const account of [accounts[0], accounts.at(-1)]) if (account) say(`  ${signInLine(account)}`);
  say(`  All APIs            ${url}/api/docs`);
  say(`  What was trained    ${url}/api/recommender/status`);
  say(`  Health, metrics     ${url}/api/gateway/health  ${url}/metrics`);
  say('');
  return shop && letShoppersIn(shop, clients);
}

/** Opens them, and lets the sign-in page offer the shoppers among them; the operator's password is for who started the shop. */
export async function openShopAccounts(
  users: ClientOf<typeof usersContract>,
  { home, isMadeUp }: { home: string; isMadeUp: boolean },
): Promise<readonly DemoAccount[]> {
  const accounts = await openDemoAccounts(users, { home, isMadeUp });
  const shoppers = accounts.filter(({ role }) => role === 'shopper');
  await mkdir(madeUpShopFolder(home), { recursive: true });
  await writeFile(join(madeUpShopFolder(home), 'shoppers.json'), JSON.stringify({ shoppers }));
  return accounts;
}

function signInLine({ role, email, password }: DemoAccount): string {
  return `${`A demo ${role}`.padEnd(18)}  ${email}  ${password}`;
}

async function isEmptyOrMadeUp(catalog: ClientOf<typeof catalogContract>, home: string): Promise<boolean> {
  const { products } = await catalog.listProducts({ query: { limit: 1 } });
  if (products.length === 0) return true;
  return access(join(madeUpShopFolder(home), 'opened-at-ms')).then(
    () => true,
    () => false,
  );
}
