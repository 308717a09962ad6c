import { genericAiContract } from '../loop/ai-contract.ts';
import { chosenService } from './chosen-service.ts';
import { command, UsageError } from './command.ts';
import { csvRows } from './csv-rows.ts';

const BATCH_ROWS = 1_000;

/** `relearn examples`: rows of a CSV become examples of an AI service. */
export const examplesCommand = command({
  name: 'examples',
  summary: 'Bring examples of a CSV file along to a service',
  usage: 'SERVICE FILE --features NAME=COLUMN… --outcome COLUMN',
  options: {
    features: { type: 'string', multiple: true, help: 'A feature and the column it is read from: text=question' },
    fill: { type: 'string', multiple: true, help: 'A feature that is the same in each example: customerId=import' },
    outcome: { type: 'string', help: 'Column of the outcome' },
    'outcome-as': { type: 'string', help: 'Field of the outcome when it is an object: intent' },
  },
  async run(context) {
    const file = context.positionals[1];
    const { features = [], outcome } = context.flags;
    if (file === undefined || outcome === undefined || features.length === 0) {
      throw new UsageError(
        'Say which file and columns: relearn examples SERVICE FILE --features text=text --outcome label.',
      );
    }
    const client = await context.connect(genericAiContract(await chosenService(context)));
    const field = context.flags['outcome-as'];
    const columns = features.map((pair) => [pair.split('=')[0]!, pair.split('=').at(-1)!] as const);
    const fills = (context.flags.fill ?? []).map(
      (pair) => [pair.split('=')[0]!, pair.slice(pair.indexOf('=') + 1)] as const,
    );
    const totals = { accepted: 0, refused: 0 };
    const atMs = Date.now();
    const toExample = (row: Record<string, string>) => ({
      atMs,
      features: Object.fromEntries([...fills, ...columns.map(([name, column]) => [name, cell(row, column)])]),
      outcome: field === undefined ? cell(row, outcome) : { [field]: cell(row, outcome) },
    });
    for await (const rows of batches(file)) {
      const reply = await client.importExamples({ body: { examples: rows.map(toExample) } });
      totals.accepted += reply.accepted;
      totals.refused += reply.refused.length;
      for (const { reason } of reply.refused.slice(0, 1)) context.out.remark(`refused: ${reason}`);
    }
    context.out.line(`${totals.accepted} examples taken, ${totals.refused} refused.`);
  },
});

function cell(row: Record<string, string>, column: string): string {
  const value = row[column];
  if (value === undefined)
    throw new UsageError(`There is no column ${column}; there are: ${Object.keys(row).join(', ')}.`);
  return value;
}

async function* batches(file: string): AsyncGenerator<Record<string, string>[]> {
  let batch: Record<string, string>[] = [];
  for await (const row of csvRows(file)) {
    batch.push(row);
    if (batch.length === BATCH_ROWS) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
