import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTable } from './open-table.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(content: string | Buffer): Promise<string> {
  const path = join(folder, `${Math.random()}.txt`);
  await writeFile(path, content);
  return path;
}

async function read(content: string | Buffer) {
  const table = await openTable(await file(content));
  const rows = [];
  for await (const batch of table.rows()) rows.push(...batch);
  return { columns: table.columns, rows };
}

describe('a table', () => {
  it('is read from CSV with any usual delimiter, quotes, line ends and a byte order mark', async () => {
    const { columns, rows } = await read('\ufeffid;title\r\n1;"red; hot\nlantern"\r\n2;mug\r\n');
    expect(columns).toEqual(['id', 'title']);
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['1', 'red; hot\nlantern'],
      ['2', 'mug'],
    ]);
    expect(rows.at(-1)?.line).toBe(4);
  });

  it('is read from NDJSON, with undefined where a record has no such field', async () => {
    const { columns, rows } = await read('{"a":1,"b":[2]}\n\n{"b":true}\n');
    expect(columns).toEqual(['a', 'b']);
    expect(rows).toEqual([
      { line: 1, cells: [1, [2]] },
      { line: 3, cells: [undefined, true] },
    ]);
  });

  it('is the same from gzip', async () => {
    const text = 'user,item\na,1\nb,2\n';
    expect(await read(gzipSync(text))).toEqual(await read(text));
  });

  it('holds what any records were written as', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', ',', '"', ' ', '\n', '1'), maxLength: 6 });
    const records = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(records, async (written) => {
        const quoted = written.map((cells) => cells.map((each) => `"${each.replaceAll('"', '""')}"`).join(','));
        const { rows } = await read(`left,right\n${quoted.join('\n')}\n`);
        expect(rows.map(({ cells }) => cells)).toEqual(written);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a chunk of the file', () => {
  const chunkBytes = 1 << 18;

  it.each([-4, -3, -2, -1, 0, 1, 2])('may end anywhere in a record (%i bytes off its end)', async (offset) => {
    const header = 'left,right\r\n';
    const end = '","""é"\r\n';
    const filler = 'x'.repeat(chunkBytes - Buffer.byteLength(`${header}"${end}`) + offset);
    const { rows } = await read(`${header}"${filler}${end}"last ""one""","2"\r\n`);
    expect(rows.map(({ line, cells }) => [line, cells[1]])).toEqual([
      [2, '"é'],
      [3, '2'],
    ]);
    expect(rows[1]?.cells[0]).toBe('last "one"');
  });
});

describe('a wrong file is refused with its place:', () => {
  const text = `user,item\n${'somebody,something\n'.repeat(5000)}`;
  const zipped = gzipSync(text);
  it.each([
    ['a row with too few values', 'a,b\n1,2\n3\n', /line 3: 1 values where the header has 2 columns/],
    ['an open quote', 'a,b\n1,"2\n', /line \d: a quote is not closed/],
    ['text after a quote', 'a,b\n1,"2"x\n3,4\n', /line \d: a quote is not closed, or text follows it/],
    ['a quote open over a megabyte', `a,b\n1,"2\n${'3,4\n'.repeat(1 << 19)}`, /line 2: a quote is opened/],
    ['a nameless column', 'a,,c\n', /line 1: column 2 has no name/],
    ['a column twice', 'a,a\n', /line 1: two columns are named a/],
    ['broken JSON', '{"a":1}\n{"a":\n{"a":2}\n', /line 2: not a JSON object on one line/],
    ['a JSON array', '[{"a":1}]', /JSON array/],
    ['nothing', '', /the file is empty/],
    ['a truncated gzip', zipped.subarray(0, zipped.length / 2), /gzip file ends too early/],
    [
      'a damaged gzip',
      Buffer.concat([zipped.subarray(0, 60), Buffer.alloc(40, 7), zipped.subarray(100)]),
      /gzip file is damaged/,
    ],
    ['a spreadsheet', Buffer.from('PK\u0003\u0004 rest'), /ZIP or spreadsheet/],
    ['binary data', Buffer.from([1, 0, 2, 0]), /no text file/],
    ['another encoding', Buffer.from('name\ncaf\xe9\n', 'latin1'), /no UTF-8 text/],
  ])('%s', async (_, content, problem) => {
    await expect(read(content)).rejects.toThrow(problem);
  });

  it('a file that is not there, or a folder', async () => {
    await expect(openTable(join(folder, 'absent.csv'))).rejects.toThrow('there is no such file');
    await expect(openTable(folder)).rejects.toThrow('this is a folder');
  });
});
