import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ListEvaluation } from '../packages/relearn/src/choice/evaluate-lists.ts';
import type { SessionEvaluation } from '../packages/relearn/src/choice/evaluate-sessions.ts';
import { keepResult } from './keep-result.ts';
import { realData } from './real-data.ts';

/**
 * `relearn evaluate` on public sets, full ranking over all items: the same procedure chooses model and settings on each from its training file alone; the test file is
 * scored once. Each in a process of its own, seed 1. Names of sets as arguments, all unless said.
 */

type Figures = Readonly<Record<string, number>>;

const sets: readonly { set: string; sessions?: boolean; train: string; test: string; target: Figures }[] = [
  { set: 'gowalla', train: 'train.txt.gz', test: 'test.txt.gz', target: { 'recall@20': 0.194, 'ndcg@20': 0.161 } },
  { set: 'ml-1m', train: 'train.txt.gz', test: 'test.txt.gz', target: { 'recall@20': 0.288, 'ndcg@20': 0.274 } },
  { set: 'diginetica', sessions: true, ...sessionFiles(), target: { 'hr@20': 0.56, 'mrr@20': 0.209 } },
  // The targets here are what neighbours alone come to.
  { set: 'retailrocket', sessions: true, ...sessionFiles(), target: { 'hr@20': 0.58, 'mrr@20': 0.319 } },
];

const asked = process.argv.slice(2);
for (const one of sets) if (asked.length === 0 || asked.includes(one.set)) await measure(one);

async function measure({ set, sessions = false, train, test, target }: (typeof sets)[number]): Promise<void> {
  const [trainFile, testFile] = [await realData(set, train), await realData(set, test)];
  if (!trainFile || !testFile) return;
  const found = await evaluated([...(sessions ? ['--sessions'] : []), '--train', trainFile, '--test', testFile]);
  console.log(`${set}: ${found.model}, chosen and trained in ${found.seconds.toFixed(0)} s`);
  const metrics: Figures = found.metrics;
  console.table(Object.entries(target).map(([metric, aim]) => ({ metric, found: metrics[metric], target: aim })));
  await keepResult(`evaluate-${set}`, { set, seed: 1, ...found, target });
  if (Object.entries(target).some(([metric, aim]) => metrics[metric]! < aim)) process.exitCode = 1;
}

async function evaluated(flags: readonly string[]): Promise<ListEvaluation | SessionEvaluation> {
  const relearn = join(import.meta.dirname, '../bin/relearn.js');
  const { stdout } = await promisify(execFile)(process.execPath, [relearn, 'evaluate', ...flags, '--json']);
  return JSON.parse(stdout) as ListEvaluation | SessionEvaluation;
}

function sessionFiles() {
  return { train: 'train_sessions.txt.gz', test: 'test_examples.txt.gz' };
}
