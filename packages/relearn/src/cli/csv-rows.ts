import { createReadStream } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { UsageError } from './command.ts';

export type CsvRow = Readonly<Record<string, string>>;

/** Rows of a CSV file with a header, plain or gzip. @throws UsageError when it cannot be read, naming the line. */
export async function* csvRows(file: string, rowCountMax = Number.POSITIVE_INFINITY): AsyncGenerator<CsvRow> {
  await access(file, constants.R_OK).catch(() => {
    throw new UsageError(`${file} cannot be read; is the path right?`);
  });
  const parser = parse({ columns: true, bom: true, skip_empty_lines: true, relax_column_count: true });
  const bytes = createReadStream(file);
  const read = file.endsWith('.gz') ? pipeline(bytes, createGunzip(), parser) : pipeline(bytes, parser);
  const failed = read.catch((error: unknown) => parser.destroy(error as Error));
  let rowCount = 0;
  try {
    for await (const row of parser) {
      if (rowCount++ >= rowCountMax) break;
      yield row;
    }
  } catch (error) {
    throw new UsageError(`${file} is not CSV as it should be: ${(error as Error).message}`, { cause: error });
  } finally {
    bytes.destroy();
    await failed;
  }
}
