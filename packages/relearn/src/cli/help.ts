import type { AnyCommand } from './command.ts';

/** The list of commands, or one command's usage and options. */
export function helpText(commands: readonly AnyCommand[], about?: AnyCommand): string {
  return about === undefined ? overview(commands) : details(about);
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
