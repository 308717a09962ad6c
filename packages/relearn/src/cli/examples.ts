import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { genericAiContract, schemasOf } from '../loop/ai-contract.ts';
import type { AiService } from '../loop/ai-service.ts';
import { chosenService } from './chosen-service.ts';
import { type CommandContext, command, UsageError } from './command.ts';
import { exampleReader, type ReadExample } from './example-reader.ts';
import { loadServices } from './load-services.ts';
import type { Project } from './project.ts';
import { FileInvalid } from './table/file-invalid.ts';
import { openTable } from './table/open-table.ts';
import { tableRecords } from './table/table-records.ts';

const BATCH_ROWS = 1_000;
const REASONS_SHOWN = 5;

/** `relearn examples`: rows of a file become examples of an AI service. */
export function examplesCommand(project: Project) {
  return command({
    name: 'examples',
    summary: 'Bring examples along to a service, from CSV or NDJSON, plain or gzip',
    usage: 'SERVICE FILE --features NAME=COLUMN… --outcome COLUMN',
    positionalsMax: 2,
    options: {
      features: { type: 'string', multiple: true, help: 'A feature and the column it is read from: text=question' },
      fill: { type: 'string', multiple: true, help: 'A feature that is the same in each example: customerId=import' },
      outcome: { type: 'string', help: 'Column of the outcome' },
      'outcome-as': { type: 'string', help: 'Field of the outcome when it is an object: intent' },
      json: { type: 'boolean', help: 'Print what was taken as JSON' },
    },
    async run(context) {
      const { positionals, flags, out } = context;
      const path = positionals[1];
      const { features = [], fill = [], outcome } = flags;
      if (path === undefined || outcome === undefined || features.length === 0) {
        throw new UsageError(
          'Say which file and columns: relearn examples SERVICE FILE --features text=text --outcome label.',
        );
      }
      const service = await chosenService(context);
      const [{ definition }] = (await loadServices(project, [service])) as unknown as [AiService];
      if (definition.outcome === undefined)
        throw new UsageError(`${service} learns from data of its own and takes no examples.`);
      const columns = { features, fill, outcome, outcomeAs: flags['outcome-as'] };
      const read = exampleReader(columns, (await openTable(path)).columns, schemasOf(definition));
      const taken = await send(path, { read, service }, context);
      if (flags.json) out.json(taken);
      else out.line(`${taken.accepted} examples taken, ${taken.refused} refused.`);
      for (const [reason, count] of Object.entries(taken.reasons).slice(0, REASONS_SHOWN))
        out.remark(`${count} refused: ${reason}`);
      if (taken.accepted === 0) throw new Error('No example was taken.');
    },
  });
}

interface Taken {
  readonly accepted: number;
  readonly refused: number;
  /** How often each reason was given. */
  readonly reasons: Readonly<Record<string, number>>;
}

interface Sending {
  readonly read: (record: Readonly<Record<string, unknown>>) => ReadExample;
  readonly service: string;
}

/** Reads the whole file before it sends anything. The same file sent again within a day counts once: each batch has its hash and place for a key. */
async function send(path: string, { read, service }: Sending, context: CommandContext): Promise<Taken> {
  const { mtimeMs } = await stat(path);
  let rows = 0;
  for await (const record of tableRecords(path, context.signal)) {
    read(record);
    rows++;
  }
  if (rows === 0) throw new FileInvalid(path, 'the file has a header and no rows');
  const client = await context.connect(genericAiContract(service));
  const taken = { accepted: 0, refused: 0, reasons: {} as Record<string, number> };
  let order = 0;
  for await (const batch of batches(path, read)) {
    context.signal.throwIfAborted();
    const body = { examples: batch.map((example) => ({ ...example, atMs: Math.floor(mtimeMs) })) };
    const idempotencyKey = `${createHash('sha256').update(JSON.stringify(body)).digest('hex')}-${order++}`;
    const reply = await client.importExamples({ body }, { idempotencyKey });
    taken.accepted += reply.accepted;
    taken.refused += reply.refused.length;
    for (const { reason } of reply.refused) taken.reasons[reason] = (taken.reasons[reason] ?? 0) + 1;
    context.out.progress((taken.accepted + taken.refused) / rows, `${taken.accepted} examples`);
  }
  context.out.progressDone();
  return taken;
}

async function* batches(path: string, read: Sending['read']): AsyncGenerator<ReadExample[]> {
  let batch: ReadExample[] = [];
  for await (const record of tableRecords(path)) {
    batch.push(read(record));
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
