import { finished } from 'node:stream/promises';
import { type CsvError, type Options, parse } from 'csv-parse';
import { parse as parseAll } from 'csv-parse/sync';
import { ImportError } from './import-error.ts';
import { readText } from './read-text.ts';
import type { Row } from './row.ts';

const DELIMITERS = [',', ';', '\t', '|'];

/** Columns and delimiter from a file's first line. @throws ImportError when a name is empty or there twice. */
export function readHeader(path: string, start: string): { columns: string[]; delimiter: string } {
  const line = start.slice(0, start.search(/\r?\n|$/));
  const delimiter = mostFrequent(line);
  const columns = firstRecord(path, line, delimiter).map((name) => name.trim());
  for (const [index, name] of columns.entries()) {
    if (name === '')
      throw new ImportError(path, `column ${index + 1} has no name; the first line names the columns`, { line: 1 });
    if (columns.indexOf(name) !== index) throw new ImportError(path, `two columns are named ${name}`, { line: 1 });
  }
  return { columns, delimiter };
}

function mostFrequent(line: string): string {
  const count = (delimiter: string) => line.split(delimiter).length;
  return DELIMITERS.reduce((best, each) => (count(each) > count(best) ? each : best));
}

function firstRecord(path: string, line: string, delimiter: string): string[] {
  try {
    return (parseAll(line, { delimiter }) as string[][])[0] ?? [];
  } catch (error) {
    throw csvProblem(path, error as CsvError);
  }
}

/**
 * Rows after the header, in batches of one chunk of the file each. Records are collected inside the parser's own callback:
 * handing them through its object stream one by one would take half as long again.
 */
export async function* csvRows(
  path: string,
  columns: readonly string[],
  delimiter: string,
): AsyncGenerator<readonly Row[]> {
  let batch: Row[] = [];
  let failed: CsvError | undefined;
  const options: Options = {
    delimiter,
    fromLine: 2,
    skipEmptyLines: true,
    onRecord(cells: string[], { lines }) {
      if (cells.length !== columns.length) {
        failed ??= Object.assign(new Error(lengthProblem(columns.length, cells.length)), {
          lines,
        }) as unknown as CsvError;
      }
      batch.push({ line: lines, cells });
      return null;
    },
  };
  const parser = parse({ ...options, relaxColumnCount: true });
  const ended = finished(parser.resume()).catch((error: CsvError) => {
    failed ??= error;
  });
  for await (const text of readText(path)) {
    parser.write(text);
    yield takeBatch();
  }
  parser.end();
  await ended;
  yield takeBatch();

  function takeBatch(): readonly Row[] {
    if (failed) throw csvProblem(path, failed);
    const taken = batch;
    batch = [];
    return taken;
  }
}

function lengthProblem(expected: number, got: number): string {
  return `${got} values where the header has ${expected} columns`;
}

function csvProblem(path: string, error: CsvError): ImportError {
  const { lines, message } = error;
  return new ImportError(path, message, { ...(typeof lines === 'number' && { line: lines }), cause: error });
}
