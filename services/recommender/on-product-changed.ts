import { consumer } from 'relearn';
import { productChanged } from '../../store/catalog/contract.ts';

/**
 * Keeps what filters, reasons and new items need of each product. Delivered at least once: the event's id is recorded in the same
 * transaction as the row, and an older revision never replaces a newer one.
 */
export const onProductChanged = consumer({
  event: productChanged,
  async handle({ id, revision, title, categories, tags, price, stock, active }, { tx }) {
    await tx
      .prepare(
        `INSERT INTO products (item, revision, change, title, categories, tags, price_minor, in_stock, active)
         VALUES (?, ?, (SELECT coalesce(max(change), 0) + 1 FROM products), ?, ?, ?, ?, ?, ?)
         ON CONFLICT (item) DO UPDATE SET revision = excluded.revision, change = excluded.change, title = excluded.title,
           categories = excluded.categories, tags = excluded.tags, price_minor = excluded.price_minor,
           in_stock = excluded.in_stock, active = excluded.active
         WHERE excluded.revision > products.revision`,
      )
      .run(
        id,
        revision,
        title,
        JSON.stringify(categories),
        JSON.stringify(tags),
        price.amountMinor,
        stock > 0 ? 1 : 0,
        active ? 1 : 0,
      );
  },
});
