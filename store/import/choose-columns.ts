import { FileInvalid, type Table } from 'relearn';

/** A field that a column may hold. */
export interface Field {
  /** Also the flag that names its column: `--user`. */
  readonly name: string;
  /** Usual column names, best first, in lower case without spaces, dashes and underscores. */
  readonly guesses: readonly string[];
  readonly required?: boolean;
}

/**
 * Index of the column for each field: the one its flag names, else the first with a usual name; undefined when there is none. Without `flags` the
 * columns have these names and no others.
 * @throws FileInvalid when a named column or one for a required field is missing; it lists the columns found.
 */
export function chooseColumns<Name extends string>(
  table: Pick<Table, 'path' | 'columns'>,
  fields: readonly (Field & { readonly name: Name })[],
  flags?: Readonly<Record<string, unknown>>,
): Record<Name, number | undefined> {
  const chosen = fields.map((field) => [field.name, indexOf(table, field, flags)]);
  return Object.fromEntries(chosen) as Record<Name, number | undefined>;
}

function indexOf(
  { path, columns }: Pick<Table, 'path' | 'columns'>,
  field: Field,
  flags: Readonly<Record<string, unknown>> | undefined,
): number | undefined {
  const flag = flags?.[field.name];
  const found = `columns found: ${columns.join(', ')}`;
  if (typeof flag === 'string') {
    const named = columns.indexOf(flag);
    if (named < 0) throw new FileInvalid(path, `there is no column ${flag}; ${found}`, { line: 1 });
    return named;
  }
  const plain = columns.map(plainName);
  const guess = field.guesses.find((each) => plain.includes(each));
  if (guess !== undefined) return plain.indexOf(guess);
  if (field.required) {
    const hint = flags === undefined ? '' : ` name it with --${field.name};`;
    throw new FileInvalid(path, `there is no column for ${field.name};${hint} ${found}`, { line: 1 });
  }
  return undefined;
}

function plainName(column: string): string {
  return column.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
