import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { project } from 'relearn';
import { commands as recommenderCommands } from './services/recommender/commands.ts';
import { importCommands } from './store/import/index.ts';
import { madeUpShopFolder } from './store/made-up-shop.ts';

const shopFolder = madeUpShopFolder(resolve(process.env.RELEARN_HOME ?? '.relearn'));
const storefront = resolve(import.meta.dirname, 'store/storefront/dist');

/** The shop and its AI services in one process: `npm start`. */
export default project({
  services: [
    () => import('./store/gateway/main.ts'),
    () => import('./store/catalog/main.ts'),
    () => import('./store/cart/main.ts'),
    () => import('./store/orders/main.ts'),
    () => import('./store/payment-sandbox/main.ts'),
    () => import('./store/users/main.ts'),
    () => import('./services/recommender/main.ts'),
    () => import('./examples/triage/triage.ts'),
  ],
  pages: {
    '/': storefront,
    '/pictures/': join(shopFolder, 'pictures'),
    '/shop/': shopFolder,
    '/payment-sandbox/': resolve(import.meta.dirname, 'store/payment-sandbox/pages'),
  },
  pagesBeside: 'gateway',
  commands: [...importCommands, ...recommenderCommands],
  async prepare({ services }) {
    if (services.length > 0 && !services.includes('gateway')) return;
    await mkdir(join(shopFolder, 'pictures'), { recursive: true });
    const { buildStorefront } = await import('./store/storefront/build.ts');
    await buildStorefront();
  },
  async start(started) {
    const { openShop } = await import('./store/open-shop.ts');
    return openShop(started);
  },
});
