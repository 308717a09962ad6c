import { command, UsageError } from 'relearn';
import { catalogContract } from '../../store/catalog/contract.ts';
import { recommenderContract } from './contract.ts';

const recommend = command({
  name: 'recommend',
  summary: 'What a user gets, or what goes with a basket, and why',
  usage: 'USER [--diversity D] [--category-max N] | --basket A,B [--k N] [--json]',
  options: {
    basket: { type: 'string', help: 'Item ids, separated by commas' },
    k: { type: 'string', help: 'How many; 10 unless said' },
    'with-bought': { type: 'boolean', help: 'Also what the user has bought before' },
    diversity: { type: 'string', help: 'How much unlike items are preferred to the best ones, 0 to 1' },
    'category-max': { type: 'string', help: 'Items of one category at most' },
    json: { type: 'boolean', help: 'Print the answer as JSON' },
  },
  async run({ positionals: [userId], flags, out, ...context }) {
    if ((userId === undefined) === (flags.basket === undefined))
      throw new UsageError('Name a user, or a basket with --basket A,B.');
    const client = await context.connect(recommenderContract);
    const k = Number(flags.k ?? 10);
    if (!Number.isInteger(k) || k < 1 || k > 200)
      throw new UsageError(`--k takes a whole number from 1 to 200, not ${flags.k}.`);
    const basket = flags.basket
      ?.split(',')
      .map((id) => id.trim())
      .filter((id) => id !== '');
    const slate = basket
      ? await client.goesWith({ body: { basket, k } })
      : await client.forYou({
          body: {
            userId: userId ?? '',
            k,
            withBought: flags['with-bought'] ?? false,
            ...(flags.diversity !== undefined && { diversity: Number(flags.diversity) }),
            ...(flags['category-max'] !== undefined && { categoryMax: Number(flags['category-max']) }),
          },
        });
    if (flags.json) return out.json(slate);
    const catalog = await context.connect(catalogContract);
    const { products } = await catalog.getProducts({ body: { ids: slate.items.map(({ itemId }) => itemId) } });
    const titles = new Map(products.map(({ id, title }) => [id, title]));
    out.table(
      ['', 'item', 'title', 'because'],
      slate.items.map(({ itemId, reason }, place) => [place + 1, itemId, titles.get(itemId) ?? '–', reason.text]),
    );
    out.remark(
      slate.degraded
        ? 'By recent popularity: no version is trained yet.'
        : `Version ${slate.version}, decision ${slate.decisionId}.`,
    );
  },
});

/** What the recommender adds to the command line. */
export const commands = [recommend];
