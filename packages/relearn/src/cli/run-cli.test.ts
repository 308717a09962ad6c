import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { genericAiContract } from '../loop/ai-contract.ts';
import { fruitService } from '../loop/fixtures/fruit.ts';
import { type Host, startHost } from '../service/index.ts';
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

const fry = command({ name: 'fry apple', summary: 'Fry an apple', usage: '', run: ({ out }) => out.line('hot') });

const fruits = project({ services: [() => import('../loop/fixtures/fruit.ts')], commands: [greet, fry] });

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

test('lists a family of commands, and says its version', async () => {
  expect(await relearn('help', 'fry')).toBe(0);
  expect(stdout).toMatch(/\n {2}fry apple {2}Fry an apple\n/);
  expect(stdout).not.toContain('greet');
  expect(await relearn('fry')).toBe(64);
  expect(await relearn('--version')).toBe(0);
  expect(stdout).toMatch(/^relearn \d+\.\d+\.\d+, Node 2\d/);
});

test('runs a command with its arguments', async () => {
  expect(await relearn('greet', 'you', '--loud')).toBe(0);
  expect(stdout).toBe('HELLO you\n');
});

test('prints a token for the running services', async () => {
  expect(await relearn('token')).toBe(0);
  expect(stdout).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/);
});

test.each([
  [['strat'], /Did you mean start\?/],
  [['train', 'friut'], /Did you mean fruit\?/],
  [['greet', '--lod'], /has no option --lod\. Did you mean --loud\? relearn help greet says/],
  [['promote'], /Say which version/],
  [['promote', 'fruit'], /Say which version/],
  [['promote', 'v7'], /fruit has no version v7; relearn versions fruit lists them/],
  [['train', '--seed', 'abc'], /--seed takes a whole number from 0 to 2147483647, not abc/],
  [['train', '--seed'], /argument missing/],
  [['versions', 'fruit', 'salad'], /takes no more than 1 .* so not salad/],
])('says what is wrong with %j and exits with 64', async (args, sentence) => {
  expect(await relearn(...args)).toBe(64);
  expect(stderr).toMatch(sentence);
});

async function file(name: string, text: string): Promise<string> {
  const path = join(home.path, name);
  await writeFile(path, text);
  return path;
}

test.each([
  ['/nowhere.csv', undefined, '/nowhere.csv: there is no such file'],
  ['ragged.csv', 'a,b\n1,2\n3\n', 'ragged.csv, line 3: 1 values where the header has 2 columns'],
  ['bare.csv', 'a,b\n', 'bare.csv: the file has a header and no rows'],
])('says what is wrong with %s in a sentence', async (name, text, sentence) => {
  expect(await relearn('inspect', text === undefined ? name : await file(name, text))).toBe(1);
  expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(new RegExp(`${sentence}$`))]);
});

test('inspects NDJSON as it does CSV', async () => {
  const lines = Array.from({ length: 40 }, (_, i) =>
    JSON.stringify({ user: i % 7, item: `i${i % 11}`, at: 1.7e12 + i }),
  );
  expect(await relearn('inspect', await file('log.ndjson', lines.join('\n')))).toBe(0);
  expect(stdout).toMatch(/ranking: user names who, item what they did something with\. at says when/);
});

describe('examples of a file', () => {
  const rows = Array.from({ length: 30 }, (_, i) => `${i * 10},u${i},${i < 15 ? 'plum' : 'melon'}`);
  const columns = ['--features', 'weightG=grams', '--features', 'unit=who', '--outcome', 'kind'];
  const bring = async (text: string, ...args: string[]) =>
    relearn('examples', 'fruit', await file('fruit.csv', text), ...args);

  test('are taken, numbers as numbers, and trained on', async () => {
    expect(await bring(`grams,who,kind\n${rows.join('\n')}\n`, ...columns)).toBe(0);
    expect(stdout).toBe('30 examples taken, 0 refused.\n');
    expect(await relearn('train', 'fruit')).toBe(0);
    expect(stdout).toMatch(/all-melons .*\n.*learned-cut .*← chosen/);
    expect(stderr).toMatch(/fruit: v1 \(learned-cut\) answers\. Trained in [\d.]+ s\./);
    expect(await relearn('versions')).toBe(0);
    expect(stdout).toMatch(/v1 +learned-cut +champion/);
    expect(await relearn('evaluate')).toBe(0);
    expect(stdout).toMatch(/all-melons .*\n.*learned-cut .*← chosen/);
    expect(stderr).toBe('fruit: v1 (learned-cut) answers.\n');
  });

  test('count once when the same file is sent again', async () => {
    const path = await file('fruit.csv', `grams,who,kind\n${rows.slice(0, 15).join('\n')}\n`);
    for (let again = 0; again < 2; again++) expect(await relearn('examples', 'fruit', path, ...columns)).toBe(0);
    expect(await relearn('train', '--json')).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'failed' });
    expect(stderr).toMatch(/15 examples are not enough to train fruit/);
    expect(await relearn('versions', '--json')).toBe(0);
    expect(JSON.parse(stdout)).toEqual([]);
  });

  test('are refused one by one, by reason', async () => {
    expect(await bring('grams,who,kind\n10,u1,pear\nheavy,u2,plum\n20,u3,plum\n', ...columns)).toBe(0);
    expect(stdout).toBe('1 examples taken, 2 refused.\n');
    expect(stderr).toMatch(/1 refused: outcome .*\n1 refused: features\/weightG must be number/);
    expect(await bring('grams,who,kind\n10,u1,pear\n', ...columns)).toBe(1);
    expect(stderr).toMatch(/No example was taken\.$/m);
  });

  test.each([
    [['--features', 'unit=who', '--outcome', 'kind'], /needs weightG too: --features weightG=COLUMN/],
    [[...columns, '--fill', 'colour=red'], /has no feature colour; it has: weightG, unit/],
    [[...columns, '--outcome', 'sort'], /There is no column sort; there are: grams, who, kind/],
  ])('are not sent with %j', async (args, sentence) => {
    expect(await bring(`grams,who,kind\n${rows.join('\n')}\n`, ...args)).toBe(64);
    expect(stderr).toMatch(sentence);
  });

  test('are not sent when a later row is wrong', async () => {
    const text = `grams,who,kind\n${Array(1_500).fill(rows[0]).join('\n')}\n10\n`;
    expect(await bring(text, ...columns)).toBe(1);
    expect(stderr).toMatch(/line 1502: 1 values/);
    expect(await relearn('train')).toBe(1);
    expect(stderr).toMatch(/^.*0 examples are not enough/m);
  });
});

test('Ctrl-C cancels a training', async () => {
  vi.stubEnv('FRUIT_TRIALS', 'slow');
  onTestFinished(() => void vi.unstubAllEnvs());
  const rows = Array.from({ length: 30 }, (_, i) => `${i * 10},u${i},${i < 15 ? 'plum' : 'melon'}`);
  const path = await file('fruit.csv', `weightG,unit,kind\n${rows.join('\n')}\n`);
  await relearn('examples', 'fruit', path, '--features', 'weightG', '--features', 'unit', '--outcome', 'kind');
  const trained = relearn('train');
  await vi.waitUntil(() => stderr.includes('learned-cut'), { timeout: 10_000 });
  process.emit('SIGINT');
  expect(await trained).toBe(1);
  expect(stderr).toMatch(/fruit: the training was cancelled\.\n$/);
});

test('says when the process that owns the home does not run the service', async () => {
  const host = await startHost({ services: [], home: home.path, env: { PORT: '0', LOG_LEVEL: 'silent' } });
  expect(await relearn('versions')).toBe(1);
  expect(stderr).toContain(`The process at ${host.url} does not run fruit`);
  await host.close();
});

describe('with a process that owns the home', () => {
  let host: Host;
  beforeEach(async () => {
    vi.stubEnv('FRUIT_TRIALS', 'slow');
    const env = { PORT: '0', LOG_LEVEL: 'silent' };
    host = await startHost({ services: [fruitService('slow')], home: home.path, env });
  });
  afterEach(async () => {
    await host.close();
    vi.unstubAllEnvs();
  });

  test('commands go to it over HTTP, also with a large file, and follow a training that runs', async () => {
    const rows = Array.from({ length: 12_000 }, (_, i) => `${i % 900},u${i},${i % 900 < 450 ? 'plum' : 'melon'}`);
    const path = await file('fruit.csv', `weightG,unit,kind\n${rows.join('\n')}\n`);
    const columns = ['--features', 'weightG', '--features', 'unit', '--outcome', 'kind', '--json'];
    expect(await relearn('examples', 'fruit', path, ...columns)).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 12_000, refused: 0 });
    const ai = host.client(genericAiContract('fruit'));
    const { id } = await ai.train({ body: { reason: 'a whim' } });
    const followed = relearn('train');
    await vi.waitUntil(() => stderr.includes('%'), { timeout: 10_000 });
    await ai.cancelTraining({ params: { id } }, { timeoutMs: 10_000 });
    expect(await followed).toBe(1);
    expect(stderr).toMatch(/^fruit is in training already \(a whim\): following it\.\n/);
    expect(stderr).toMatch(/fruit: the training was cancelled\.\n$/);
  });
});
