import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ProblemError } from '../contract/problem.ts';
import { ConfigurationInvalid, HomeInUse } from '../service/index.ts';
import { type AnyCommand, UsageError } from './command.ts';
import { openConnections } from './connections.ts';
import { examplesCommand } from './examples.ts';
import { helpText } from './help.ts';
import { inspectCommand } from './inspect.ts';
import { aiServiceNames } from './load-services.ts';
import { type Output, terminalOutput } from './output.ts';
import { project as emptyProject, type Project } from './project.ts';
import { startCommand } from './start.ts';
import { suggestion } from './suggestion.ts';
import { FileInvalid } from './table/file-invalid.ts';
import { trainCommand } from './train.ts';
import { promoteCommand, versionsCommand } from './versions.ts';

const EXIT_USAGE = 64;
const EXIT_CONFIGURATION = 78;

/** Everything a run of the command line is given. */
export interface CliOptions {
  /** The project; undefined outside of one. */
  readonly project: Project | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly out?: Output;
}

/** Runs one command line, without `node` and the script's name. Resolves to the exit code: 0, 1, 64 (usage) or 78 (configuration). */
export async function runCli(args: readonly string[], options: CliOptions): Promise<number> {
  const out = options.out ?? terminalOutput();
  try {
    await dispatch(args, { project: options.project, env: options.env ?? process.env, out });
    return 0;
  } catch (error) {
    out.progressDone();
    out.remark(sentenceOf(error));
    if (error instanceof UsageError || isParseError(error)) return EXIT_USAGE;
    return error instanceof ConfigurationInvalid ? EXIT_CONFIGURATION : 1;
  }
}

interface Surroundings {
  readonly project: Project | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
}

async function dispatch(args: readonly string[], { project, env, out }: Surroundings): Promise<void> {
  const home = resolve(env.RELEARN_HOME || '.relearn');
  const inProject = project ?? emptyProject({ services: [] });
  const ownFlags: Record<string, string | boolean> = {};
  const commands = [
    startCommand(inProject, { home, ownFlags }),
    trainCommand,
    versionsCommand,
    promoteCommand,
    examplesCommand(inProject),
    inspectCommand,
    ...(inProject.commands ?? []),
  ] as readonly AnyCommand[];
  const isHelp = args.length === 0 || args[0] === 'help' || args[0] === '--help' || args[0] === '-h';
  if (isHelp) return out.line(helpText(commands, args.length > 1 ? findCommand(commands, args.slice(1)) : undefined));
  const command = findCommand(commands, args);
  const rest = args.slice(command.name.split(' ').length);
  if (rest.includes('--help') || rest.includes('-h')) return out.line(helpText(commands, command));
  if (project === undefined && command !== inspectCommand) {
    throw new UsageError('There is no relearn.config.ts here; run this in the folder of a project.');
  }
  const parsed = command.name === 'start' ? readStart(rest, ownFlags) : readArguments(command, rest);
  await runCommand(command, parsed, { project: inProject, home, out });
}

/** The command whose words come first; two words before one. @throws UsageError */
function findCommand(commands: readonly AnyCommand[], args: readonly string[]): AnyCommand {
  const two = args.slice(0, 2).join(' ');
  const found = commands.find(({ name }) => name === two) ?? commands.find(({ name }) => name === args[0]);
  if (found !== undefined) return found;
  const family = commands.filter(({ name }) => name.startsWith(`${args[0]} `)).map(({ name }) => name);
  if (family.length > 0) throw new UsageError(`relearn ${args[0]} takes one of: ${family.join(', ')}.`);
  const names = commands.map(({ name }) => name);
  throw new UsageError(`There is no command ${args[0]}.${suggestion(args[0]!, names)} relearn help lists them.`);
}

interface Arguments {
  readonly positionals: readonly string[];
  readonly flags: Readonly<Record<string, unknown>>;
}

function readArguments({ options = {} }: AnyCommand, args: readonly string[]): Arguments {
  const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
  return { positionals, flags: values };
}

/** `start` takes options that only the project knows; each takes what follows, unless that is another option. */
function readStart(args: readonly string[], ownFlags: Record<string, string | boolean>): Arguments {
  const positionals: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (!argument.startsWith('--')) {
      positionals.push(argument);
      continue;
    }
    const [name = '', inline] = argument.slice(2).split('=', 2);
    const next = args[index + 1];
    if (inline === undefined && next !== undefined && !next.startsWith('--')) index++;
    ownFlags[name] = inline ?? (next === undefined || next.startsWith('--') ? true : next);
  }
  return { positionals, flags: ownFlags };
}

async function runCommand(
  command: AnyCommand,
  parsed: Arguments,
  { project, home, out }: { project: Project; home: string; out: Output },
): Promise<void> {
  const connections = openConnections(project, home);
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  if (command.name !== 'start') process.once('SIGINT', interrupt);
  try {
    await command.run({
      ...parsed,
      connect: (contract) => connections.connect(contract),
      home,
      out,
      aiServices: () => aiServiceNames(project),
      signal: interrupted.signal,
    });
  } finally {
    process.off('SIGINT', interrupt);
    await connections.close();
  }
}

function isParseError(error: unknown): boolean {
  return error instanceof TypeError && ((error as NodeJS.ErrnoException).code ?? '').startsWith('ERR_PARSE_ARGS');
}

/** What people are told; a fault of the program itself comes with its stack. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ProblemError) return `${error.message} (${error.code})`;
  const expected = [UsageError, ConfigurationInvalid, HomeInUse, FileInvalid];
  if (expected.some((kind) => error instanceof kind) || isParseError(error) || error.constructor === Error)
    return error.message;
  return error.stack ?? error.message;
}
