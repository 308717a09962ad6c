import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/** Collects this thread's garbage now. V8 does not count what a shared WebAssembly memory takes, and holds on to gigabytes of them that nothing refers to. Some 10 ms and more. */
export function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  // Kernels go first, then the memories that they stood on.
  collect();
  collect();
}
