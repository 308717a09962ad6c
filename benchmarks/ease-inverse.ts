import { availableParallelism } from 'node:os';
import { SpdInverse } from '../packages/relearn/src/kernels/spd-inverse.ts';
import { ThreadPool } from '../packages/relearn/src/kernels/thread-pool.ts';
import { seededRandom } from '../packages/relearn/src/statistics/seeded-random.ts';
import { keepResult } from './keep-result.ts';
import { hasPeers, runPeer } from './peers/peer.ts';

/** The inverse that EASE needs, f32, beside NumPy's and LAPACK's in turn, all on as many threads; the best of some rounds of each. */

const SIZES = [
  { n: 3_043, rounds: 5, toNumpyMax: 0.33, toCholeskyMax: 1.5 },
  { n: 10_000, rounds: 2, toNumpyMax: 0.6, toCholeskyMax: 3 },
];
const SEED = 1;

if (await hasPeers()) {
  const threads = availableParallelism();
  const pool = new ThreadPool(threads - 1);
  const rows: Row[] = [];
  for (const size of SIZES) rows.push(await measure(size, pool, threads));
  await pool.close();
  console.table(rows);
  await keepResult('ease-inverse', { threads, seed: SEED, rows });
  if (rows.some((row) => row.toNumpy > row.toNumpyMax || row.toCholesky > row.toCholeskyMax)) process.exitCode = 1;
}

type Row = Awaited<ReturnType<typeof measure>>;

async function measure({ n, rounds, ...targets }: (typeof SIZES)[number], pool: ThreadPool, threads: number) {
  const best = { relearnS: Infinity, numpyS: Infinity, choleskyS: Infinity };
  for (let round = 0; round < rounds; round++) {
    const peers = await runPeer<Omit<typeof best, 'relearnS'>>(
      'spd-inverse.py',
      { n },
      { OPENBLAS_NUM_THREADS: `${threads}` },
    );
    best.relearnS = Math.min(best.relearnS, invertS(n, pool));
    best.numpyS = Math.min(best.numpyS, peers.numpyS);
    best.choleskyS = Math.min(best.choleskyS, peers.choleskyS);
  }
  const { relearnS, numpyS, choleskyS } = best;
  return { n, ...best, toNumpy: relearnS / numpyS, toCholesky: relearnS / choleskyS, ...targets };
}

function invertS(n: number, pool: ThreadPool): number {
  const inverse = new SpdInverse(n);
  const random = seededRandom(SEED);
  for (let row = 0; row < n; row++) {
    const at = row * inverse.stride;
    for (let column = 0; column < row; column++) inverse.matrix[at + column] = random() - 0.5;
    inverse.matrix[at + row] = n;
  }
  const startedMs = performance.now();
  inverse.invert({ pool });
  return (performance.now() - startedMs) / 1_000;
}
