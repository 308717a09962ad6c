import { seededRandom } from '../statistics/seeded-random.ts';
import { command, UsageError } from './command.ts';
import { identifyTasks, type TaskIdea } from './identify-tasks.ts';
import type { Project } from './project.ts';
import { FileInvalid } from './table/file-invalid.ts';
import { type TableRecord, tableRecords } from './table/table-records.ts';

const SAMPLE_ROWS = 5_000;
/** Rows that are read to sample from: a larger file is judged by its beginning. */
const READ_ROWS_MAX = 500_000;
const EXAMPLE_LETTERS_MAX = 40;

/** `relearn inspect`: which tasks a file can carry, and why. */
export function inspectCommand(project: Project) {
  return command({
    name: 'inspect',
    summary: 'Name the tasks that a CSV or NDJSON file can carry, and why',
    usage: 'FILE [--json]',
    positionalsMax: 1,
    options: { json: { type: 'boolean', help: 'Print columns and tasks as JSON' } },
    async run({ positionals, flags, out, signal }) {
      const [file] = positionals;
      if (file === undefined) throw new UsageError('Say which file: relearn inspect FILE.');
      const { sample, rowsRead } = await sampleOf(file, signal);
      const found = identifyTasks(sample);
      if (flags.json) return out.json({ rowsRead, rowsSampled: sample.length, ...found });
      out.line(rowsText(rowsRead, sample.length));
      out.line();
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
      for (const idea of found.tasks) {
        out.line(`${idea.task}: ${idea.why}`);
        const next = nextCommand(idea, file, project);
        if (next !== undefined) out.line(`  ${next}`);
      }
    },
  });
}

function rowsText(read: number, sampled: number): string {
  const first = read === READ_ROWS_MAX ? 'The first ' : '';
  const looked = sampled < read ? `, of which ${sampled.toLocaleString('en')} were looked at` : '';
  return `${first}${read.toLocaleString('en')} rows${looked}`;
}

/** So many rows of the file, each as likely as another; the same each time. Source: Vitter 1985 (algorithm R). */
async function sampleOf(file: string, signal: AbortSignal): Promise<{ sample: TableRecord[]; rowsRead: number }> {
  const random = seededRandom(1);
  const sample: TableRecord[] = [];
  let rowsRead = 0;
  for await (const record of tableRecords(file, signal)) {
    const place = rowsRead < SAMPLE_ROWS ? rowsRead : Math.floor(random() * (rowsRead + 1));
    if (place < SAMPLE_ROWS) sample[place] = record;
    if (++rowsRead === READ_ROWS_MAX) break;
  }
  if (rowsRead === 0) throw new FileInvalid(file, 'the file has a header and no rows');
  return { sample, rowsRead };
}

/** What to type next, where the project has a command for it. */
function nextCommand({ task, columns }: TaskIdea, file: string, { commands = [] }: Project): string | undefined {
  if (task === 'text classification') {
    return `relearn examples SERVICE ${file} --features NAME=${quoted(columns.text!)} --outcome ${quoted(columns.label!)}`;
  }
  if (task !== 'ranking' || !commands.some(({ name }) => name === 'import interactions')) return undefined;
  const flags = Object.entries(columns).map(([field, column]) => `--${field} ${quoted(column)}`);
  return `relearn import interactions ${file} ${flags.join(' ')}`;
}

function quoted(word: string): string {
  return /^[\w.-]+$/.test(word) ? word : `'${word}'`;
}
