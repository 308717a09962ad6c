import { parseArgs } from 'node:util';
import { type AnyCommand, UsageError } from './command.ts';
import { suggestion } from './suggestion.ts';

/** What was typed after a command's name. */
export interface Arguments {
  readonly positionals: readonly string[];
  readonly flags: Readonly<Record<string, unknown>>;
}

/** @throws UsageError for an option that the command does not have, one without its value, or more arguments than it takes. */
export function readArguments(command: AnyCommand, args: readonly string[]): Arguments {
  const { name, options = {}, positionalsMax = Number.POSITIVE_INFINITY } = command;
  try {
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
    const over = positionals[positionalsMax];
    if (over === undefined) return { positionals, flags: values };
    throw new UsageError(
      `relearn ${name} takes no more than ${positionalsMax} of what is typed, so not ${over}. ${seeHelp(name)}`,
    );
  } catch (error) {
    throw usageError(error as Error, command);
  }
}

/** The parser's own sentences, where they are not to the point. */
function usageError(error: Error & { code?: string }, { name, options = {} }: AnyCommand): Error {
  if (!error.code?.startsWith('ERR_PARSE_ARGS')) return error;
  const unknown = error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && /'(-[^' ]*)/.exec(error.message)?.[1];
  if (!unknown) return new UsageError(`${error.message.split('\n')[0]} ${seeHelp(name)}`);
  const near = suggestion(
    unknown,
    Object.keys(options).map((option) => `--${option}`),
  );
  return new UsageError(`relearn ${name} has no option ${unknown}.${near} ${seeHelp(name)}`);
}

function seeHelp(name: string): string {
  return `relearn help ${name} says what it takes.`;
}

/** `start` takes options that only the project knows; each takes what follows, unless that is another option. They are written to `ownFlags`. */
export function readStart(args: readonly string[], ownFlags: Record<string, string | boolean>): Arguments {
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
