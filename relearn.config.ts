import { join, resolve } from 'node:path';
import { project } from 'relearn';
import { commands as recommenderCommands } from './services/recommender/commands.ts';
import { importCommands } from './store/import/index.ts';
import { madeUpShopFolder } from './store/made-up-shop.ts';

const home = resolve(process.env.RELEARN_HOME ?? '.relearn');

/** The shop and its AI services in one process: `npm start`. */
export default project({
  services: [() => import('./store/catalog/main.ts'), () => import('./services/recommender/main.ts')],
  pages: {
    '/': resolve(import.meta.dirname, 'store/storefront/dist'),
    '/pictures/': join(madeUpShopFolder(home), 'pictures'),
    '/shop/': madeUpShopFolder(home),
  },
  commands: [...importCommands, ...recommenderCommands],
  start: async (started) => (await import('./store/open-shop.ts')).openShop(started),
});
