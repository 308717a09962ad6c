import { type AnyCommand, UsageError } from './command.ts';
import { suggestion } from './suggestion.ts';

/** The command whose words come first; two words before one. @throws UsageError */
export function findCommand(commands: readonly AnyCommand[], words: readonly string[]): AnyCommand {
  const two = words.slice(0, 2).join(' ');
  const found = commands.find(({ name }) => name === two) ?? commands.find(({ name }) => name === words[0]);
  if (found !== undefined) return found;
  const family = familyOf(commands, words[0]!).map(({ name }) => name);
  if (family.length > 0) throw new UsageError(`relearn ${words[0]} takes one of: ${family.join(', ')}.`);
  const names = commands.map(({ name }) => name);
  throw new UsageError(`There is no command ${words[0]}.${suggestion(words[0]!, names)} relearn help lists them.`);
}

/** Commands of two words whose first is this one. */
export function familyOf(commands: readonly AnyCommand[], word: string): readonly AnyCommand[] {
  return commands.filter(({ name }) => name.startsWith(`${word} `));
}
