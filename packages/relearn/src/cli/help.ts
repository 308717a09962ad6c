import type { AnyCommand } from './command.ts';
import { familyOf, findCommand } from './find-command.ts';

/** The list of commands, that of a family, or one command's usage and options. @throws UsageError when there is no such command. */
export function helpText(commands: readonly AnyCommand[], about: readonly string[] = []): string {
  if (about.length === 0) return overview(commands);
  const family = about.length === 1 ? familyOf(commands, about[0]!) : [];
  return family.length > 0 ? overview(family) : details(findCommand(commands, about.join(' ').split(' ')));
}

function overview(commands: readonly AnyCommand[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'relearn: microservices that predict, remember and learn',
    '',
    'usage: relearn COMMAND [ARGUMENTS]',
    '',
    ...lines,
    '',
    'relearn help COMMAND says more. Data are kept in RELEARN_HOME (.relearn); PORT (8080) and HOST say where it listens.',
  ].join('\n');
}

function details({ name, summary, usage, options = {} }: AnyCommand): string {
  const flags = Object.entries(options as Record<string, { type: string; short?: string; help?: string }>);
  const shown = flags.map(([flag, { type, short, help = '' }]) => {
    const value = type === 'string' ? ' VALUE' : '';
    return [`${short === undefined ? '' : `-${short}, `}--${flag}${value}`, help] as const;
  });
  const width = Math.max(0, ...shown.map(([flag]) => flag.length));
  const lines = shown.map(([flag, help]) => `  ${flag.padEnd(width)}  ${help}`.trimEnd());
  return [
    `${summary}.`,
    '',
    `usage: relearn ${name} ${usage}`.trimEnd(),
    ...(lines.length > 0 ? ['', ...lines] : []),
  ].join('\n');
}
