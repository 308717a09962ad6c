import papaparse from 'papaparse';
import { FileInvalid } from './file-invalid.ts';
import { readText } from './read-text.ts';
import type { TableRow } from './table-row.ts';

const DELIMITERS = [',', ';', '\t', '|'];
/** Far longer than a record: a quote was opened and not closed. */
const RECORD_CHARS_MAX = 1 << 20;

/** How a CSV file is written, told by its first line. */
export interface CsvShape {
  readonly columns: readonly string[];
  readonly delimiter: string;
  readonly newline: '\n' | '\r\n';
  /** Characters of the first line, its end included. */
  readonly headerChars: number;
}

/** @throws FileInvalid when a column's name is empty or there twice. */
export function readHeader(path: string, start: string): CsvShape {
  const end = start.indexOf('\n');
  const newline = start[end - 1] === '\r' ? '\r\n' : '\n';
  const line = end < 0 ? start : start.slice(0, end + 1 - newline.length);
  const delimiter = mostFrequent(line);
  const [names = []] = parseRecords(line, { delimiter, newline }, false).data;
  const columns = names.map((name) => name.trim());
  for (const [index, name] of columns.entries()) {
    const problem =
      name === ''
        ? `column ${index + 1} has no name; the first line names the columns`
        : `two columns are named ${name}`;
    if (name === '' || columns.indexOf(name) !== index) throw new FileInvalid(path, problem, { line: 1 });
  }
  return { columns, delimiter, newline, headerChars: end < 0 ? start.length : end + 1 };
}

function mostFrequent(line: string): string {
  const count = (delimiter: string) => line.split(delimiter).length;
  return DELIMITERS.reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** Rows after the header, in batches of one chunk of the file each; empty lines are none. @throws FileInvalid */
export async function* csvRows(
  path: string,
  shape: CsvShape,
  signal?: AbortSignal,
): AsyncGenerator<readonly TableRow[]> {
  let rest = '';
  let skipChars = shape.headerChars;
  let line = 1;
  for await (const text of readText(path, signal)) {
    rest += text.slice(skipChars);
    skipChars = Math.max(0, skipChars - text.length);
    yield take(false);
  }
  yield take(true);

  function take(isLast: boolean): TableRow[] {
    const whole = isLast ? rest : rest.slice(0, rest.lastIndexOf('\n') + 1);
    const { data, errors, meta } = parseRecords(whole, shape, !isLast);
    const rows: TableRow[] = [];
    for (const cells of data) {
      line += linesOf(cells);
      if (cells.length === 1 && cells[0] === '') continue;
      if (cells.length !== shape.columns.length) throw new FileInvalid(path, lengthProblem(cells), { line });
      rows.push({ line, cells });
    }
    rest = isLast ? '' : rest.slice(meta.cursor);
    if (errors[0])
      throw new FileInvalid(path, `a quote is not closed, or text follows it: ${errors[0].message}`, { line });
    if (rest.length > RECORD_CHARS_MAX)
      throw new FileInvalid(path, 'a quote is opened and not closed', { line: line + 1 });
    return rows;
  }

  function lengthProblem(cells: readonly string[]): string {
    const { length } = shape.columns;
    return `${cells.length} values where the header has ${length === 1 ? 'one column' : `${length} columns`}`;
  }
}

/** Lines that a record takes: one, and one for each line end within its cells. */
function linesOf(cells: readonly string[]): number {
  let lines = 1;
  for (const cell of cells) {
    for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) lines++;
  }
  return lines;
}

interface Parsed {
  readonly data: string[][];
  readonly errors: readonly { readonly message: string }[];
  /** `cursor`: where the first record that was not taken begins. */
  readonly meta: { readonly cursor: number };
}

/** Papa's record parser under its streaming face: it takes half the time of csv-parse on a large file, and keeps no stream of objects. */
function parseRecords(
  text: string,
  { delimiter, newline }: Pick<CsvShape, 'delimiter' | 'newline'>,
  mayGoOn: boolean,
): Parsed {
  return new papaparse.Parser({ delimiter, newline }).parse(text, 0, mayGoOn) as Parsed;
}
