import { type CommandContext, UsageError } from './command.ts';
import { suggestion } from './suggestion.ts';

/** The AI service that a command is about: the one named first, or the only one, or the project's first. */
export async function chosenService(
  { positionals, aiServices }: Pick<CommandContext, 'positionals' | 'aiServices'>,
  index = 0,
): Promise<string> {
  const known = await aiServices();
  const named = positionals[index];
  if (known.length === 0) throw new UsageError('This project has no AI service; list one in relearn.config.ts.');
  if (named === undefined) return known[0]!;
  if (known.includes(named)) return named;
  throw new UsageError(`No AI service is called ${named}.${suggestion(named, known)} There are: ${known.join(', ')}.`);
}
