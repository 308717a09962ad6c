import { isDeepStrictEqual } from 'node:util';
import type { Product, ProductDraft } from './contract.ts';

/** A product's fields without what the catalog itself keeps of it. */
export type ProductFields = Omit<Product, 'id' | 'revision' | 'changedAtMs'>;

/** A draft with every default filled in. Fields that no product has are dropped. */
export function fieldsOf(draft: ProductDraft): ProductFields {
  return {
    title: draft.title,
    description: draft.description ?? '',
    price: { amountMinor: draft.price.amountMinor, currency: draft.price.currency },
    categories: unique(draft.categories ?? []),
    tags: unique(draft.tags ?? []),
    pictureUrl: draft.pictureUrl ?? null,
    stock: draft.stock ?? 0,
    attributes: draft.attributes ?? {},
    active: draft.active ?? true,
  };
}

export function createdProduct(id: string, draft: ProductDraft, nowMs: number): Product {
  return { id, ...fieldsOf(draft), revision: 1, changedAtMs: nowMs };
}

/** The product with the given fields in place of its own; the very same object when nothing differs. */
export function changedProduct(product: Product, fields: Partial<ProductDraft>, nowMs: number): Product {
  const next = fieldsOf({ ...product, ...fields });
  if (isDeepStrictEqual(next, fieldsOf(product))) return product;
  return { id: product.id, ...next, revision: product.revision + 1, changedAtMs: nowMs };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
