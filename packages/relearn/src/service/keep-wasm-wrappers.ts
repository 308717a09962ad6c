import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from exchanging the wrappers through which WebAssembly calls JavaScript. Node 24 now and then ends with `Check failed:
 * jit_page.has_value()` when one thread frees such a wrapper while others make theirs (`WasmImportWrapperCache::Free`;
 * nodejs/node#64500 is of the same family), and undici's HTTP parser calls JavaScript often enough for it. Takes effect for modules
 * instantiated afterwards.
 */
setFlagsFromString('--wasm-wrapper-tiering-budget=2147483647');
