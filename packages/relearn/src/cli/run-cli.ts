import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigurationInvalid } from '../service/index.ts';
import { type AnyCommand, UsageError } from './command.ts';
import { openConnections } from './connections.ts';
import { evaluateCommand } from './evaluate.ts';
import { examplesCommand } from './examples.ts';
import { failureOf } from './failure.ts';
import { findCommand } from './find-command.ts';
import { helpText } from './help.ts';
import { inspectCommand } from './inspect.ts';
import { aiServiceNames } from './load-services.ts';
import { type Output, terminalOutput } from './output.ts';
import { project as emptyProject, type Project } from './project.ts';
import { type Arguments, readArguments, readStart } from './read-arguments.ts';
import { startCommand } from './start.ts';
import { tokenCommand } from './token.ts';
import { trainCommand } from './train.ts';
import { promoteCommand, versionsCommand } from './versions.ts';

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
    const { sentence, exitCode } = failureOf(error);
    out.remark(sentence);
    return exitCode;
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
    evaluateCommand,
    versionsCommand,
    promoteCommand,
    examplesCommand(inProject),
    inspectCommand(inProject),
    tokenCommand,
    ...(inProject.commands ?? []),
  ] as readonly AnyCommand[];
  const [first = 'help', ...more] = args;
  if (first === '--version' || first === '-v') return out.line(versionText());
  if (first === 'help' || first === '--help' || first === '-h') return out.line(helpText(commands, more));
  const command = findCommand(commands, args);
  const rest = args.slice(command.name.split(' ').length);
  if (rest.includes('--help') || rest.includes('-h')) return out.line(helpText(commands, [command.name]));
  if (project === undefined && command.name !== 'inspect') {
    throw new UsageError('There is no relearn.config.ts here; run this in the folder of a project.');
  }
  checkHome(home);
  const parsed = command.name === 'start' ? readStart(rest, ownFlags) : readArguments(command, rest);
  await runCommand(command, parsed, { project: inProject, home, out });
}

/** @throws ConfigurationInvalid */
function checkHome(home: string): void {
  if (statSync(home, { throwIfNoEntry: false })?.isDirectory() !== false) return;
  throw new ConfigurationInvalid([`RELEARN_HOME: ${home} is no folder (folder that keeps everything)`]);
}

function versionText(): string {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
  return `relearn ${version}, Node ${process.versions.node}`;
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
  } catch (error) {
    throw interrupted.signal.aborted && (error as Error).name === 'AbortError' ? new Error('Stopped.') : error;
  } finally {
    process.off('SIGINT', interrupt);
    await connections.close();
  }
}
