import type { TObject, TSchema } from 'typebox';
import { compileTextCoercion } from '../contract/text-coercion.ts';
import { UsageError } from './command.ts';
import type { TableRecord } from './table/table-records.ts';

/** Where each part of an example is read from. */
export interface ExampleColumns {
  /** Feature and its column, `text=question`; a name alone stands for both. */
  readonly features: readonly string[];
  /** Feature and a value that is the same in each example: `customerId=import`. */
  readonly fill: readonly string[];
  readonly outcome: string;
  /** Field of the outcome when it is an object. */
  readonly outcomeAs: string | undefined;
}

export interface ReadExample {
  readonly features: Readonly<Record<string, unknown>>;
  readonly outcome: unknown;
}

/**
 * Turns records into examples: texts become the numbers and booleans that the schemas ask for, an empty cell stands for nothing.
 *
 * @throws UsageError naming a column that the file lacks, or a feature that the service does not have or needs too.
 */
export function exampleReader(
  { features, fill, outcome, outcomeAs }: ExampleColumns,
  columns: readonly string[],
  schemas: { readonly features: TSchema; readonly outcome: TSchema },
): (record: TableRecord) => ReadExample {
  const read = features.map(pairOf);
  const filled = fill.map(pairOf);
  for (const column of [...read.map(([, column]) => column), outcome]) checkColumn(column, columns);
  checkOutcome(outcomeAs, schemas.outcome);
  checkFeatures(
    [...read, ...filled].map(([feature]) => feature),
    schemas.features,
  );
  const toFeatures = coercion(schemas.features);
  const toOutcome = outcomeAs === undefined ? coercion(outcomeSchema(schemas.outcome)) : coercion(schemas.outcome);
  return (record) => {
    const given = toFeatures([...filled, ...read.map(([feature, column]) => [feature, record[column]] as const)]);
    const said = toOutcome([[outcomeAs ?? 'outcome', record[outcome]]]);
    return { features: given, outcome: outcomeAs === undefined ? said.outcome : said };
  };
}

function pairOf(pair: string): readonly [name: string, value: string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, pair] : [pair.slice(0, at), pair.slice(at + 1)];
}

function checkColumn(column: string, columns: readonly string[]): void {
  if (!columns.includes(column))
    throw new UsageError(`There is no column ${column}; there are: ${columns.join(', ')}.`);
}

function checkOutcome(field: string | undefined, { properties }: TSchema & Partial<TObject>): void {
  if (properties === undefined) return;
  const known = Object.keys(properties);
  if (field !== undefined && known.includes(field)) return;
  const fault = field === undefined ? '' : `, and ${field} is no field of it`;
  throw new UsageError(
    `The outcome is an object${fault}: say which field it is with --outcome-as: ${known.join(', ')}.`,
  );
}

function checkFeatures(given: readonly string[], schema: TSchema): void {
  const { properties, required = [] } = schema as Partial<TObject>;
  if (properties === undefined) return;
  const known = Object.keys(properties);
  const unknown = given.find((feature) => !known.includes(feature));
  if (unknown !== undefined)
    throw new UsageError(`The service has no feature ${unknown}; it has: ${known.join(', ')}.`);
  const missing = required.find((feature) => !given.includes(feature));
  if (missing !== undefined) {
    throw new UsageError(
      `The service needs ${missing} too: --features ${missing}=COLUMN, or --fill ${missing}=VALUE for the same in each example.`,
    );
  }
}

/** Makes an object of entries, empty ones left out, and reads texts as its schema has them. */
function coercion(schema: TSchema) {
  const coerce = 'properties' in schema ? compileTextCoercion(schema as TObject) : undefined;
  return (entries: readonly (readonly [string, unknown])[]): Record<string, unknown> => {
    const value = Object.fromEntries(entries.filter(([, cell]) => cell !== '' && cell !== undefined && cell !== null));
    coerce?.(value);
    return value;
  };
}

function outcomeSchema(outcome: TSchema): TSchema {
  return { properties: { outcome } } as unknown as TSchema;
}
