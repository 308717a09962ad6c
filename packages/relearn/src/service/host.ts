import type { Caller } from '../contract/caller.ts';
import type { ClientOf, Contract } from '../contract/contract.ts';
import type { Service } from './service.ts';

export interface HostOptions {
  readonly services: readonly Service<any, any, any>[];
  /** Environment to read configuration from; `process.env` unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Static pages: URL prefix to folder, e.g. `{ '/': '…/storefront/dist' }`. Unknown paths without a dot answer `index.html`. */
  readonly pages?: Readonly<Record<string, string>>;
  readonly clock?: () => number;
  /** Folder that keeps everything; `RELEARN_HOME` unless given. */
  readonly home?: string;
  /** False: no listener, only clients in this process; true unless said. */
  readonly listen?: boolean;
}

/** One process that runs one service or many behind one listener. */
export interface Host {
  /** `http://127.0.0.1:8080`; empty when it does not listen. */
  readonly url: string;
  /** In-process client of a service that runs here, with validation, JSON round trip and deadline. Calls as the service `host` unless said. */
  client<C extends Contract>(contract: C, as?: Caller): ClientOf<C>;
  /** Stops accepting, drains requests and deliveries, then closes services, bus and stores. */
  close(): Promise<void>;
}
