import { type ClientOf, type Host, startHost } from 'relearn';
import { temporaryHome } from 'relearn/testing';
import { onTestFinished } from 'vitest';
import recommender from '../../services/recommender/main.ts';
import cart from '../cart/main.ts';
import catalog from '../catalog/main.ts';
import orders from '../orders/main.ts';
import paymentSandbox from '../payment-sandbox/main.ts';
import { usersContract } from '../users/contract.ts';
import users from '../users/main.ts';
import gateway from './main.ts';

export const PASSWORD = 'violet harbour 27';
export const EMAIL = 'ada@example.org';

/** The gateway before the real services, over HTTP. */
export interface ShopFront {
  readonly host: Host;
  readonly users: ClientOf<typeof usersContract>;
  /** A browser that keeps its cookies. */
  browser(): Browser;
  /** A request as it is. */
  ask(path: string, init?: RequestInit): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any;
}

export async function shopFront(env: Record<string, string> = {}): Promise<ShopFront> {
  const home = await temporaryHome();
  const host = await startHost({
    services: [catalog, cart, recommender, orders, paymentSandbox, users, gateway],
    home: home.path,
    env: { LOG_LEVEL: 'silent', PORT: '0', ...env },
  });
  onTestFinished(async () => {
    await host.close();
    await home[Symbol.asyncDispose]();
  });
  const asService = host.client(usersContract);
  await asService.createUser({ body: { email: EMAIL, password: PASSWORD } });
  const ask = (path: string, init?: RequestInit) => fetched(host.url + path, init);
  return { host, users: asService, ask, browser: () => new Browser(host.url) };
}

interface BrowserRequest extends RequestInit {
  readonly headers?: Record<string, string>;
}

/** Speaks as a browser does: cookies, and where a request comes from. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async ask(path: string, { headers, ...init }: BrowserRequest = {}): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetched(this.#url + path, {
      ...init,
      headers: { 'sec-fetch-site': 'same-origin', ...(cookie !== '' && { cookie }), ...headers },
    });
    for (const line of answer.headers.getSetCookie()) this.#keep(line);
    return answer;
  }

  post(path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  signIn(password = PASSWORD): Promise<Answer> {
    return this.post('/api/gateway/session', { email: EMAIL, password });
  }

  #keep(line: string): void {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/max-age=0(;|$)/i.test(line)) this.cookies.delete(name!);
    else this.cookies.set(name!, value!);
  }
}

async function fetched(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}
