import type { EventType } from './event.ts';
import type { Operation } from './operation.ts';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const IDENTIFIER = /^[a-z][A-Za-z0-9]*$/;
const VERSION = /^\d+\.\d+\.\d+$/;
const PATH = /^(\/(:[a-zA-Z][A-Za-z0-9]*|[A-Za-z0-9._~-]+))+$/;
const CODE = /^[a-z][a-z0-9-]*\.[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const EVENT = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+\.v[1-9]\d*$/;

/** The parts of a contract that are checked. */
interface Declared {
  readonly name: string;
  readonly version: string;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly events: Readonly<Record<string, EventType>>;
}

/** Throws where a contract could not be served or would mislead those who call it. @throws TypeError naming what is wrong. */
export function checkContract(contract: Declared): void {
  const { name, version, operations, events } = contract;
  if (!NAME.test(name)) throw new TypeError(`Contract name ${name} takes lower-case letters, digits and dashes.`);
  if (!VERSION.test(version)) throw new TypeError(`Contract ${name}: version ${version} takes the form 1.0.0.`);
  for (const [key, operation] of Object.entries(operations)) checkOperation(`${name}.${key}`, key, operation);
  checkRoutes(contract);
  checkCodes(contract);
  checkEvents(name, Object.values(events));
}

function checkOperation(where: string, key: string, operation: Operation): void {
  const { method, path, params, body, status = 200, bodyBytesMax = 1 } = operation;
  if (!IDENTIFIER.test(key)) throw new TypeError(`Operation ${where} takes a name in camelCase.`);
  if (!PATH.test(path)) throw new TypeError(`Operation ${where}: path ${path} takes the form /things/:id.`);
  if (method === 'GET' && body !== undefined) throw new TypeError(`Operation ${where}: a GET takes no body.`);
  checkReply(where, operation);
  if (status < 200 || status > 299) throw new TypeError(`Operation ${where}: status ${status} is not of a good reply.`);
  if (!(bodyBytesMax > 0)) throw new TypeError(`Operation ${where}: bodyBytesMax ${bodyBytesMax} is not above 0.`);
  const named = pathParameters(path).sort().join(', ');
  const declared = Object.keys(params?.properties ?? {})
    .sort()
    .join(', ');
  if (named !== declared) {
    throw new TypeError(`Operation ${where}: path ${path} names (${named}) but params declare (${declared}).`);
  }
}

function checkReply(where: string, { reply, stream, status, etag, rawBody, body, headers }: Operation): void {
  const parts = Number(reply !== undefined || status === 204) + Number(stream !== undefined);
  if (parts !== 1) throw new TypeError(`Operation ${where} takes either a reply, or a stream, or the status 204.`);
  const fields = (reply as { properties?: object } | undefined)?.properties ?? {};
  if (etag !== undefined && !(etag in fields)) throw new TypeError(`Operation ${where}: its reply has no ${etag}.`);
  if (rawBody && body === undefined) throw new TypeError(`Operation ${where}: rawBody without a body.`);
  const odd = Object.keys(headers?.properties ?? {}).find((name) => name !== name.toLowerCase());
  if (odd !== undefined) throw new TypeError(`Operation ${where}: header ${odd} takes lower case.`);
}

/** Names of the parameters in a path, in order. */
export function pathParameters(path: string): string[] {
  return Array.from(path.matchAll(/:([a-zA-Z][A-Za-z0-9]*)/g), (match) => match[1] ?? '');
}

function checkRoutes({ name, operations }: Declared): void {
  const routes = Object.values(operations).map(({ method, path }) => `${method} ${path.replaceAll(/:[^/]+/g, ':')}`);
  const twice = repeated(routes);
  if (twice !== undefined) throw new TypeError(`Contract ${name}: two operations are served at ${twice}.`);
}

function checkCodes({ name, operations }: Declared): void {
  const types = new Set(Object.values(operations).flatMap((operation) => operation.errors ?? []));
  const codes = Array.from(types, (type) => type.code);
  const bad = codes.find((code) => !CODE.test(code));
  if (bad !== undefined) throw new TypeError(`Contract ${name}: error code ${bad} takes the form service.noun-state.`);
  const twice = repeated(codes);
  if (twice !== undefined) throw new TypeError(`Contract ${name}: two errors have the code ${twice}.`);
  const odd = Array.from(types).find(({ status }) => !(status >= 400 && status <= 599));
  if (odd !== undefined) throw new TypeError(`Contract ${name}: error ${odd.code} has the status ${odd.status}.`);
}

function checkEvents(name: string, events: readonly { type: string }[]): void {
  const types = events.map((event) => event.type);
  const bad = types.find((type) => !EVENT.test(type));
  if (bad !== undefined) throw new TypeError(`Contract ${name}: event type ${bad} takes the form thing.happened.v1.`);
  const twice = repeated(types);
  if (twice !== undefined) throw new TypeError(`Contract ${name}: two events have the type ${twice}.`);
}

function repeated(values: readonly string[]): string | undefined {
  return values.find((value, index) => values.indexOf(value) !== index);
}
