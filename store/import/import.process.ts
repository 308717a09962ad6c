import { project, runCli } from 'relearn';
import { importCommands } from './commands.ts';

/** `relearn import …` in a process of its own that tests kill. It tells its parent how far it is. */
const shop = project({
  services: [() => import('../catalog/main.ts'), () => import('../../services/recommender/main.ts')],
  commands: importCommands,
});
const tell = (message: unknown) => void process.send?.(message as never);
const out = {
  line: () => undefined,
  remark: () => undefined,
  json: (summary: unknown) => tell({ summary }),
  table: () => undefined,
  progress: (share: number) => tell({ share }),
  progressDone: () => undefined,
};
process.exitCode = await runCli(process.argv.slice(2), { project: shop, out });
process.disconnect?.();
