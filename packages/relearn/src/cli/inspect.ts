import { command, UsageError } from './command.ts';
import { identifyTasks } from './identify-tasks.ts';
import { FileInvalid } from './table/file-invalid.ts';
import { type TableRecord, tableRecords } from './table/table-records.ts';

const SAMPLE_ROWS = 5_000;
const EXAMPLE_LETTERS_MAX = 40;

/** `relearn inspect`: which tasks a file can carry, and why. */
export const inspectCommand = command({
  name: 'inspect',
  summary: 'Name the tasks that a CSV or NDJSON file can carry, and why',
  usage: 'FILE [--json]',
  options: { json: { type: 'boolean', help: 'Print columns and tasks as JSON' } },
  async run({ positionals, flags, out }) {
    const [file] = positionals;
    if (file === undefined) throw new UsageError('Say which file: relearn inspect FILE.');
    const sample: TableRecord[] = [];
    for await (const record of tableRecords(file)) if (sample.push(record) === SAMPLE_ROWS) break;
    if (sample.length === 0) throw new FileInvalid(file, 'the file has a header and no rows');
    const found = identifyTasks(sample);
    if (flags.json) return out.json({ rowsRead: sample.length, ...found });
    out.table(
      ['column', 'looks like', 'distinct', 'filled', 'for example'],
      found.columns.map(({ name, kind, distinctCount, filledShare, example }) => [
        name,
        kind,
        distinctCount,
        `${Math.round(filledShare * 100)}%`,
        example.slice(0, EXAMPLE_LETTERS_MAX),
      ]),
    );
    out.line();
    if (found.tasks.length === 0)
      out.line('No task is seen in these columns. A task needs something known and something to foretell.');
    for (const { task, why } of found.tasks) out.line(`${task}: ${why}`);
  },
});
