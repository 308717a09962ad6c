import type { TableRecord } from './table/table-records.ts';

/** One thing that could be predicted with the data, and why. */
export interface TaskIdea {
  readonly task: 'ranking' | 'text classification' | 'tabular classification' | 'tabular regression';
  readonly why: string;
  readonly columns: Readonly<Record<string, string>>;
}

/** What a column looks like in the sample. */
export interface ColumnLook {
  readonly name: string;
  readonly kind: 'number' | 'time' | 'text' | 'category' | 'id' | 'empty';
  readonly distinctCount: number;
  readonly filledShare: number;
  readonly example: string;
}

const USER = /^(user|customer|client|visitor|member|shopper|account|person)(_?-?\s?(id|no|number))?$/i;
const ITEM = /^(item|product|sku|stock_?code|article|movie|track|book|song)(_?-?\s?(id|no|code|number))?$/i;
const LABEL = /^(label|category|class|intent|target|topic|y|outcome|queue|tag)$/i;
const TIME = /(date|time|timestamp|atms|(^|_)(at|ts|when))$/i;
const WORDS_OF_TEXT_MIN = 3;
const CLASSES_MAX = 500;

/** Names the tasks that data of these columns can carry, the most likely first. Looks at names and at a sample of values. */
export function identifyTasks(sample: readonly TableRecord[]): { columns: ColumnLook[]; tasks: TaskIdea[] } {
  const names = Object.keys(sample[0] ?? {});
  const columns = names.map((name) =>
    lookAt(
      name,
      sample.map((row) => textOf(row[name])),
    ),
  );
  const tasks = [ranking(columns), textClassification(columns, sample.length), tabular(columns, sample.length)];
  return { columns, tasks: tasks.filter((task) => task !== undefined) };
}

function textOf(cell: unknown): string {
  if (cell === undefined || cell === null) return '';
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}

function lookAt(name: string, values: readonly string[]): ColumnLook {
  const filled = values.map((value) => value.trim()).filter((value) => value !== '');
  const distinctCount = new Set(filled).size;
  const look = {
    name,
    distinctCount,
    filledShare: filled.length / Math.max(1, values.length),
    example: filled[0] ?? '',
  };
  return { ...look, kind: kindOf(name, filled, distinctCount) };
}

function kindOf(name: string, filled: readonly string[], distinctCount: number): ColumnLook['kind'] {
  if (filled.length === 0) return 'empty';
  if (USER.test(name) || ITEM.test(name)) return 'id';
  const isTime = (value: string) => /\d/.test(value) && !/^-?[\d.]+$/.test(value) && !Number.isNaN(Date.parse(value));
  if (filled.every(isTime) || (TIME.test(name) && filled.every((value) => Number(value) > 1e8))) return 'time';
  if (filled.every((value) => Number.isFinite(Number(value)))) return 'number';
  const words = filled.reduce((sum, value) => sum + value.split(/\s+/).length, 0) / filled.length;
  if (words >= WORDS_OF_TEXT_MIN && distinctCount > filled.length / 2) return 'text';
  return distinctCount > filled.length / 2 && filled.length > 20 ? 'id' : 'category';
}

function ranking(columns: readonly ColumnLook[]): TaskIdea | undefined {
  const user = columns.find(({ name }) => USER.test(name));
  const item = columns.find(({ name }) => ITEM.test(name));
  if (user === undefined || item === undefined) return undefined;
  const time = columns.find(({ kind }) => kind === 'time');
  const timed =
    time === undefined
      ? 'No column holds a time, so models cannot be compared on later weeks.'
      : `${time.name} says when, so models can be compared on time windows.`;
  return {
    task: 'ranking',
    why: `${user.name} names who, ${item.name} what they did something with. ${timed} What may each want next?`,
    columns: { user: user.name, item: item.name, ...(time === undefined ? {} : { time: time.name }) },
  };
}

function textClassification(columns: readonly ColumnLook[], rowCount: number): TaskIdea | undefined {
  const text = columns.find(({ kind }) => kind === 'text');
  const label = labelOf(columns, rowCount);
  if (text === undefined || label === undefined) return undefined;
  return {
    task: 'text classification',
    why: `${text.name} holds sentences, ${label.name} one of ${label.distinctCount} labels seen in the sample. Which label does a new text get?`,
    columns: { text: text.name, label: label.name },
  };
}

function labelOf(columns: readonly ColumnLook[], rowCount: number): ColumnLook | undefined {
  const fits = ({ kind, distinctCount, filledShare }: ColumnLook) =>
    kind === 'category' &&
    distinctCount >= 2 &&
    distinctCount <= Math.max(2, Math.min(CLASSES_MAX, rowCount / 20)) &&
    filledShare > 0.9;
  return columns.find((column) => LABEL.test(column.name) && column.distinctCount >= 2) ?? columns.find(fits);
}

function tabular(columns: readonly ColumnLook[], rowCount: number): TaskIdea | undefined {
  const features = columns.filter(({ kind }) => kind === 'number' || kind === 'category' || kind === 'time');
  if (features.length < 2) return undefined;
  const label = labelOf(columns, rowCount);
  const target = label ?? columns.findLast(({ kind }) => kind === 'number');
  if (target === undefined) return undefined;
  const others = features.filter((column) => column !== target).map(({ name }) => name);
  return {
    task: label === undefined ? 'tabular regression' : 'tabular classification',
    why: `${others.join(', ')} could foretell ${target.name}${label === undefined ? ', a number' : `, one of ${target.distinctCount} values seen in the sample`}.`,
    columns: { target: target.name, features: others.join(',') },
  };
}
