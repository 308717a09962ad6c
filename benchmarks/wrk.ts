import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** What came of a load. */
export interface LoadRun {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Without a reply, or with one of status 400 and more. */
  readonly failed: number;
}

export interface Load {
  readonly url: string;
  /** Lua for `wrk` that defines `request`; written to `scriptPath`. */
  readonly script: string;
  readonly scriptPath: string;
  readonly connections: number;
  readonly seconds: number;
  /** Core to hold `wrk` to; any when absent. */
  readonly core?: number;
}

const REPORT = `
done = function(summary, latency)
  local e = summary.errors
  print(string.format('{"requests":%d,"durationUs":%d,"p50Us":%d,"p99Us":%d,"failed":%d}', summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
`;

/** Asks as fast as answers come, over so many connections. Needs `wrk`, and `taskset` where a core is named. */
export async function load({ url, script, scriptPath, connections, seconds, core }: Load): Promise<LoadRun> {
  await writeFile(scriptPath, script + REPORT);
  const wrk = ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '-s', scriptPath, url];
  const [program, ...args] = core === undefined ? wrk : ['taskset', '-c', `${core}`, ...wrk];
  const { stdout } = await promisify(execFile)(program!, args);
  const counted = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, number>;
  const { requests = 0, durationUs = 1, p50Us = 0, p99Us = 0, failed = 0 } = counted;
  return {
    requests,
    requestsPerSecond: requests / (durationUs / 1e6),
    p50Ms: p50Us / 1000,
    p99Ms: p99Us / 1000,
    failed,
  };
}
