import type { ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { ClientOf, Contract } from '../contract/contract.ts';
import type { Output } from './output.ts';

/** Options of a command, as `parseArgs` of node:util takes them, and a line of help each. */
export type CommandOptions = ParseArgsOptionsConfig & Record<string, { readonly help?: string }>;

type FlagsOf<O extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true }>
>['values'];

/** What a command runs with. */
export interface CommandContext<Flags = any> {
  readonly positionals: readonly string[];
  readonly flags: Flags;
  /**
   * A typed client. When a process owns the home it is called over HTTP; else the project's services run in this one, without a
   * listener, until the command has ended.
   */
  connect<C extends Contract>(contract: C): Promise<ClientOf<C>>;
  /** Folder that keeps everything. */
  readonly home: string;
  readonly out: Output;
  /** Names of the project's AI services. */
  aiServices(): Promise<readonly string[]>;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
}

/** One command of `relearn`. */
export interface Command<Options extends CommandOptions = CommandOptions> {
  /** What is typed; two words for a command of a family: `import online-retail`. */
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What follows the name: `FILE [--json]`. */
  readonly usage: string;
  readonly options?: Options;
  /** Most arguments beside options; any number when left out. */
  readonly positionalsMax?: number;
  /** @throws UsageError for what the caller can correct: printed without a stack, exit code 64. */
  run(context: CommandContext<FlagsOf<Options>>): Promise<void> | void;
}

export type AnyCommand = Command<any>;

/** Thrown for a command that was not typed as it should be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Keeps the types of a command's flags. */
export function command<const Options extends CommandOptions = Record<never, never>>(
  declared: Command<Options>,
): Command<Options> {
  return declared;
}
