import { type CommandContext, type CommandOptions, command, FileInvalid, UsageError } from 'relearn';
import { recommenderContract } from '../../services/recommender/contract.ts';
import { catalogContract } from '../catalog/contract.ts';
import type { Field } from './choose-columns.ts';
import { importInteractions } from './import-interactions.ts';
import { importOnlineRetail } from './import-online-retail.ts';
import { importProducts } from './import-products.ts';
import { interactionFields } from './interaction-reader.ts';
import { productFields } from './product-reader.ts';
import { type ImportSummary, summaryLines } from './summary.ts';
import type { ImportOptions } from './write-batches.ts';

type Flags = Readonly<Record<string, unknown>>;

const json = { json: { type: 'boolean', help: 'Print the summary as JSON' } } as const;

const onlineRetail = command({
  name: 'import online-retail',
  summary: 'Import the purchases and products of UCI Online Retail',
  usage: 'FILE [--json]',
  options: json,
  run: (context) =>
    runImport(context, async (path, options) => {
      const [catalog, recommender] = [
        await context.connect(catalogContract),
        await context.connect(recommenderContract),
      ];
      return importOnlineRetail(path, { catalog, recommender }, options);
    }),
});

const interactions = command({
  name: 'import interactions',
  summary: 'Import what people did with items, from CSV or NDJSON, plain or gzip',
  usage: 'FILE [--user COLUMN] [--item COLUMN] [--time COLUMN] [--kind COLUMN | --as KIND] …',
  options: {
    ...columnOptions(interactionFields),
    as: { type: 'string', help: 'Kind of all rows, where no column says it' },
    ...json,
  },
  run: (context) =>
    runImport(context, async (path, options) => {
      const recommender = await context.connect(recommenderContract);
      return importInteractions(path, context.flags as Flags, { recommender, clock: Date.now }, options);
    }),
});

const products = command({
  name: 'import products',
  summary: 'Import products, from CSV or NDJSON, plain or gzip',
  usage: 'FILE [--id COLUMN] [--title COLUMN] [--price COLUMN] [--money CURRENCY] …',
  options: {
    ...columnOptions(productFields),
    money: { type: 'string', help: 'Currency of all prices, where no column says it: EUR' },
    ...json,
  },
  run: (context) =>
    runImport(context, async (path, options) => {
      const catalog = await context.connect(catalogContract);
      return importProducts(path, context.flags as Flags, { catalog }, options);
    }),
});

/** What `relearn import` can do, for a project's `commands`. */
export const importCommands = [onlineRetail, interactions, products];

function columnOptions(fields: readonly Field[]): CommandOptions {
  return Object.fromEntries(
    fields.map(({ name, guesses }) => [
      name,
      {
        type: 'string' as const,
        help: `Column of the ${name}; if not given, one named ${guesses.slice(0, 3).join(', ')} …`,
      },
    ]),
  );
}

async function runImport(
  { positionals, flags, out, signal }: CommandContext,
  run: (path: string, options: ImportOptions) => Promise<ImportSummary>,
): Promise<void> {
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new UsageError('Name one file to import.');
  const progress = (share: number, note: string) => out.progress(share, note);
  try {
    const summary = await run(path, { progress, signal });
    out.progressDone();
    if (flags.json) out.json(summary);
    else for (const line of summaryLines(summary)) out.line(line);
  } catch (error) {
    throw sentence(error, signal);
  }
}

/** What people are told without a stack: a file that is wrong, or an import they ended. */
function sentence(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return new Error('Stopped. Import the file again to go on; nothing is counted twice.');
  return error instanceof FileInvalid ? new Error(`${error.message}. Nothing was imported.`) : error;
}
