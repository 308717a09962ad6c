import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { project, runCli, startHost } from 'relearn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { catalogContract } from '../catalog/contract.ts';
import catalog from '../catalog/main.ts';
import { importCommands } from './commands.ts';

const shop = project({
  services: [() => import('../catalog/main.ts'), () => import('../../services/recommender/main.ts')],
  commands: importCommands,
});

let home: string;
let printed: string[];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'commands-'));
  printed = [];
});
afterEach(() => rm(home, { recursive: true }));

function relearn(...args: string[]): Promise<number> {
  const print = (text = '') => void printed.push(text);
  const out = {
    line: print,
    remark: print,
    json: (value: unknown) => print(JSON.stringify(value)),
    table: () => undefined,
    progress: () => undefined,
    progressDone: () => undefined,
  };
  return runCli(args, { project: shop, out, env: { RELEARN_HOME: join(home, 'kept') } });
}

async function file(name: string, text: string): Promise<string> {
  const path = join(home, name);
  await writeFile(path, text);
  return path;
}

describe('relearn import', () => {
  it('imports products by the columns that flags name, and says what it took', async () => {
    const path = await file('shop.csv', 'Artikel;Preis\nTasse;4.90\nKanne;19.00\n');
    const args = ['--id', 'Artikel', '--title', 'Artikel', '--price', 'Preis', '--money', 'CHF'];
    expect(await relearn('import', 'products', path, ...args)).toBe(0);
    expect(printed.join('\n')).toMatch(/2 rows read(.|\n)*2 {2}products created/);
    const host = await startHost({
      services: [catalog],
      home: join(home, 'kept'),
      listen: false,
      env: { LOG_LEVEL: 'silent' },
    });
    const found = await host.client(catalogContract).getProduct({ params: { id: 'Kanne' } });
    await host.close();
    expect(found.price).toEqual({ amountMinor: 1900, currency: 'CHF' });
  });

  it('prints the summary as JSON', async () => {
    const path = await file('shop.csv', 'id,title,price\na,Mug,4.90\n');
    expect(await relearn('import', 'products', path, '--json')).toBe(0);
    expect(JSON.parse(printed.join(''))).toMatchObject({ rows: 1, taken: { 'products created': 1 } });
  });

  it('says what is wrong with a file in one sentence, and where', async () => {
    const path = await file('shop.csv', 'id,title,price\na,Mug,4.90\nb,Cup,dear\n');
    expect(await relearn('import', 'products', path)).toBe(1);
    expect(printed.join('\n')).toMatch(/^.*shop\.csv, line 3: price.*Nothing was imported\.$/);
  });

  it('names no flag where there is none', async () => {
    const path = await file('shop.csv', 'id,title,price\na,Mug,4.90\n');
    expect(await relearn('import', 'online-retail', path)).toBe(1);
    expect(printed.join('\n')).toMatch(
      /line 1: there is no column for invoice; columns found: id, title, price\. Nothing/,
    );
  });

  it('asks for one file', async () => {
    expect(await relearn('import', 'products')).toBe(64);
    expect(printed.join('\n')).toContain('Name one file to import.');
  });
});
