import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Path of a file of the real data, which lie beside the project; undefined, and said in a line, where it is not there. */
export async function realData(...path: readonly string[]): Promise<string | undefined> {
  const folder = process.env.RELEARN_DATA ?? join(import.meta.dirname, '../../shared/data');
  const file = resolve(folder, ...path);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) return file;
  console.log(`Skipped: there is no ${file}; RELEARN_DATA says where the data are.`);
  return undefined;
}
