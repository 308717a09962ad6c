import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';

/** Writes the raw figures of a benchmark, with the machine and the time they were taken, to `results/NAME.json`. */
export async function keepResult(name: string, figures: Readonly<Record<string, unknown>>): Promise<void> {
  const results = join(import.meta.dirname, 'results');
  const taken = {
    atIso: new Date().toISOString(),
    node: process.version,
    processor: `${cpus().length} × ${cpus()[0]?.model}`,
  };
  await mkdir(results, { recursive: true });
  await writeFile(join(results, `${name}.json`), `${JSON.stringify({ ...taken, ...figures }, null, 2)}\n`);
}
