import { evaluateLists } from '../packages/relearn/src/choice/evaluate-lists.ts';

/**
 * A process of its own that does as `relearn evaluate --train TRAIN --test TEST --minutes MINUTES`, and tells its parent what came of it, what was tried, and the most memory that it
 * held, MiB.
 */

const [train = '', test = '', minutes = ''] = process.argv.slice(2);
const tried: string[] = [];
const found = await evaluateLists({ train, test, minutes: Number(minutes) }, (line) => {
  console.log(line);
  tried.push(line);
});
process.send?.({ ...found, tried, peakMiB: process.resourceUsage().maxRSS / 1_024 });
