/** What an import did with a file. */
export interface ImportSummary {
  readonly path: string;
  /** Records in the file, the header not counted. */
  readonly rows: number;
  /** What was written, by what it is: `products created`. */
  readonly taken: Readonly<Record<string, number>>;
  /** Rows left out, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Sentences on choices made for the reader. */
  readonly notes: readonly string[];
}

/** The summary as lines for a terminal. */
export function summaryLines({ path, rows, taken, leftOut, notes }: ImportSummary): string[] {
  return [
    `${path}: ${rows.toLocaleString('en')} rows read`,
    ...table('taken', taken),
    ...table('left out', leftOut),
    ...notes,
  ];
}

function table(title: string, counts: Readonly<Record<string, number>>): string[] {
  const entries = Object.entries(counts).filter(([, count]) => count > 0);
  if (entries.length === 0) return [];
  return [`  ${title}`, ...entries.map(([what, count]) => `${count.toLocaleString('en').padStart(13)}  ${what}`)];
}
