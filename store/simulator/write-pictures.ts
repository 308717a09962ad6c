import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawPicture } from './pictures/draw-picture.ts';
import type { ShopProduct } from './products.ts';

/** Draws every product into `<folder>/<id>.svg`. */
export async function writePictures(products: readonly ShopProduct[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(products.map((product) => writeFile(join(folder, `${product.id}.svg`), drawPicture(product))));
}
