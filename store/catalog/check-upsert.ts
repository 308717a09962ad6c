import { t } from 'relearn';
import { Compile } from 'typebox/compile';
import { type ProductDraft, product, productDraft } from './contract.ts';

const row = Compile(t.Object({ id: product.properties.id, ...productDraft.properties }));

/** One row of a bulk upsert: a product to write, or the sentence that says why not. */
export type CheckedUpsert = { readonly id: string; readonly draft: ProductDraft } | { readonly reason: string };

/** Checks one row on its own, so that a bad row never costs the good ones beside it. */
export function checkUpsert(value: unknown): CheckedUpsert {
  if (row.Check(value)) return { id: value.id, draft: value };
  const [first] = row.Errors(value);
  if (first === undefined) return { reason: 'is no product' };
  const field = first.instancePath.slice(1).replaceAll('/', '.');
  return { reason: field === '' ? first.message : `${field}: ${first.message}` };
}
