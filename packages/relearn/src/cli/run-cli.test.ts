import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TemporaryHome, temporaryHome } from '../testing/temporary-home.ts';
import { command } from './command.ts';
import { terminalOutput } from './output.ts';
import { project } from './project.ts';
import { runCli } from './run-cli.ts';

let home: TemporaryHome;
let stdout = '';
let stderr = '';

const greet = command({
  name: 'greet',
  summary: 'Greet somebody',
  usage: 'NAME [--loud]',
  options: { loud: { type: 'boolean', help: 'In capitals' } },
  run({ positionals, flags, out }) {
    out.line(flags.loud ? `HELLO ${positionals[0]}` : `Hello ${positionals[0]}`);
  },
});

const fruits = project({ services: [() => import('../loop/fixtures/fruit.ts')], commands: [greet] });

async function relearn(...args: string[]): Promise<number> {
  stdout = '';
  stderr = '';
  const out = terminalOutput({ write: (text) => (stdout += text) }, { write: (text) => (stderr += text) });
  return runCli(args, { project: fruits, env: { RELEARN_HOME: home.path }, out });
}

beforeEach(async () => {
  home = await temporaryHome();
});
afterEach(() => home[Symbol.asyncDispose]());

test('lists commands, those of the project too, and explains each', async () => {
  expect(await relearn()).toBe(0);
  expect(stdout).toMatch(/start .*\n(.*\n)* {2}greet +Greet somebody/);
  expect(await relearn('help', 'greet')).toBe(0);
  expect(stdout).toMatch(/usage: relearn greet NAME \[--loud\]\n\n {2}--loud {2}In capitals/);
});

test('runs a command with its arguments', async () => {
  expect(await relearn('greet', 'you', '--loud')).toBe(0);
  expect(stdout).toBe('HELLO you\n');
});

test.each([
  [['strat'], /Did you mean start\?/],
  [['greet', '--lod'], /--lod/],
  [['train', 'friut'], /Did you mean fruit\?/],
  [['inspect', '/nowhere.csv'], /cannot be read/],
  [['promote'], /Say which version/],
])('says what is wrong with %j and exits with 64', async (args, sentence) => {
  expect(await relearn(...args)).toBe(64);
  expect(stderr).toMatch(sentence);
});

test('says which examples of a file are refused, and that none are left to train on', async () => {
  const file = join(home.path, 'fruit.csv');
  const rows = Array.from({ length: 30 }, (_, i) => `${i * 10},u${i},${i < 15 ? 'plum' : 'melon'}`);
  await writeFile(file, `grams,who,kind\n${rows.join('\n')}\n`);
  expect(await relearn('examples', 'fruit', file, '--features', 'unit=who', '--outcome', 'kind')).toBe(0);
  expect(stdout).toMatch(/0 examples taken, 30 refused/);
  expect(stderr).toMatch(/refused: features/);
  expect(await relearn('train', '--json')).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ state: 'failed' });
  expect(stderr).toMatch(/are not enough to train fruit/);
  expect(await relearn('versions', '--json')).toBe(0);
  expect(JSON.parse(stdout)).toEqual([]);
});
