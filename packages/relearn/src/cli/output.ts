import { styleText } from 'node:util';

/** Where a command writes. Results go to standard output, progress and remarks to standard error, so that results can be piped. */
export interface Output {
  line(text?: string): void;
  json(value: unknown): void;
  /** Rows of cells under a header; a column of numbers is aligned to the right. */
  table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): void;
  remark(text: string): void;
  /** Share done, 0 to 1: one line that is rewritten in a terminal, and a line each tenth or new note elsewhere. */
  progress(share: number, note: string): void;
  /** Ends the progress line. */
  progressDone(): void;
}

export interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const BAR_CELLS = 24;

export function terminalOutput(stdout: Stream = process.stdout, stderr: Stream = process.stderr): Output {
  const bar = stderr.isTTY ? rewrittenLine(stderr) : linePerTenth(stderr);
  return {
    line: (text = '') => void stdout.write(`${text}\n`),
    json: (value) => void stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    table: (header, rows) => void stdout.write(tableText(header, rows, stdout.isTTY ?? false)),
    remark(text) {
      bar.done();
      stderr.write(`${text}\n`);
    },
    progress: (share, note) => bar.show(share, note),
    progressDone: () => bar.done(),
  };
}

function rewrittenLine(stream: Stream) {
  let open = false;
  return {
    show(share: number, note: string) {
      const filled = Math.round(share * BAR_CELLS);
      const bar = `${'━'.repeat(filled)}${'╌'.repeat(BAR_CELLS - filled)}`;
      const text = `${bar} ${percent(share)} ${note}`.slice(0, (stream.columns ?? 80) - 1);
      stream.write(`\r\u001b[2K${text}`);
      open = true;
    },
    done() {
      if (open) stream.write('\r\u001b[2K');
      open = false;
    },
  };
}

function linePerTenth(stream: Stream) {
  let shown = '';
  return {
    show(share: number, note: string) {
      const step = `${Math.floor(share * 10)} ${note}`;
      if (step === shown) return;
      shown = step;
      stream.write(`${percent(share)} ${note}\n`);
    },
    done() {
      shown = '';
    },
  };
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`.padStart(4);
}

function tableText(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  styled: boolean,
): string {
  const texts = rows.map((row) => row.map(String));
  const widths = header.map((title, column) => Math.max(title.length, ...texts.map((row) => row[column]?.length ?? 0)));
  const isNumeric = header.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (isNumeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd();
  const head = line(header);
  return `${[styled ? styleText('bold', head) : head, ...texts.map(line)].join('\n')}\n`;
}
