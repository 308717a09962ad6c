import type { TSchema } from 'typebox';
import type { Contract } from './contract.ts';
import type { EventType } from './event.ts';
import { type ErrorCode, errorCodes } from './openapi.ts';
import type { Operation } from './operation.ts';

/** Exported so that a server can allow exactly this style by its hash. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--ink:#1c2330;--soft:#5b6577;--line:#dfe3ea;--paper:#fff;--back:#f5f6f9;--accent:#3757d6;--code:#eef0f6}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9f0;--soft:#9aa5b8;--line:#2c3442;--paper:#181d27;--back:#10141b;--accent:#8ea5ff;--code:#222937}}
*{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main{max-width:62rem;margin:0 auto;padding:2.5rem 1.25rem 5rem}h1{margin:0;font-size:2rem}h2{margin:3rem 0 1rem;font-size:1.25rem}
.lead{color:var(--soft);margin:.4rem 0 1rem}a{color:var(--accent)}.version{color:var(--soft);font-size:1rem;font-weight:400}
details{background:var(--paper);border:1px solid var(--line);border-radius:.6rem;margin:.6rem 0}
summary{display:flex;gap:.75rem;align-items:baseline;padding:.7rem 1rem;cursor:pointer;flex-wrap:wrap}
summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:.6rem}
.method{font:600 .8rem/1 ui-monospace,monospace;color:var(--accent);min-width:3.6rem}.path{font:.95rem ui-monospace,monospace;overflow-wrap:anywhere}
.what{color:var(--soft);flex:1 1 14rem}.inside{border-top:1px solid var(--line);padding:1rem}.inside h3{font-size:.85rem;margin:1.2rem 0 .4rem;color:var(--soft)}
.tag{display:inline-block;font-size:.8rem;background:var(--code);border-radius:1rem;padding:.1rem .7rem;margin:0 .4rem .4rem 0}
code,pre{font:.88rem/1.5 ui-monospace,monospace;background:var(--code);border-radius:.3rem}code{padding:.1rem .3rem;overflow-wrap:anywhere}
pre{padding:.8rem 1rem;overflow:auto;max-height:26rem;margin:0}.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;background:var(--paper);border:1px solid var(--line)}th,td{text-align:left;vertical-align:top;padding:.55rem .8rem;border-bottom:1px solid var(--line)}
th{font-size:.85rem;color:var(--soft)}td code{white-space:nowrap}tr:target{background:var(--code)}
`;

/** A page that people read a contract on: operations with their schemas, events, error codes. It loads nothing and runs no script. */
export function documentationPage(contract: Contract): string {
  const { title, description, version, events } = contract;
  return page(`${title} API`, [
    `<h1>${escaped(title)} <span class="version">${escaped(version)}</span></h1>`,
    `<p class="lead">${escaped(description)}</p>`,
    '<p><a href="openapi.json">OpenAPI 3.1 document</a></p>',
    `<h2>Operations</h2>${operationSections(contract)}`,
    eventSections(Object.values(events)),
    `<h2 id="errors">Error codes</h2>${errorTable(errorCodes(contract))}`,
  ]);
}

/** The operations of many services on one page; events and error codes stand on each service's own. */
export function overviewPage(contracts: readonly Contract[]): string {
  const sections = contracts.map(
    (
      contract,
    ) => `<h2 id="${contract.name}">${escaped(contract.title)} <span class="version">${escaped(contract.version)}</span></h2>
<p class="lead">${escaped(contract.description)} <a href="${contract.name}/docs">Events and error codes</a></p>${operationSections(contract)}`,
  );
  return page('All services', [
    '<h1>All services</h1>',
    '<p class="lead">What can be reached at this origin. <a href="openapi.json">One OpenAPI 3.1 document</a></p>',
    `<p>${contracts.map(({ name, title }) => `<a class="tag" href="#${name}">${escaped(title)}</a>`).join('')}</p>`,
    ...sections,
  ]);
}

function page(title: string, parts: readonly string[]): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(title)}</title><style>${PAGE_STYLE}</style></head><body><main>
${parts.join('\n')}
</main></body></html>`;
}

function operationSections({ name, operations }: Contract): string {
  return Object.entries(operations)
    .map(([key, operation]) => operationSection(name, key, operation))
    .join('');
}

function operationSection(service: string, key: string, operation: Operation): string {
  const {
    method,
    path,
    summary,
    description,
    params,
    query,
    headers,
    body,
    reply,
    stream,
    status = 200,
    access,
    idempotency,
    errors = [],
  } = operation;
  const parts = [
    schemaBlock('Path', params),
    schemaBlock('Query', query),
    schemaBlock('Headers', headers),
    schemaBlock('Body', body),
    schemaBlock(`Reply, ${status}`, reply),
    schemaBlock('Each event of the stream', stream),
  ];
  const codes = errors
    .map(({ code }) => `<a href="/api/${service}/docs#${escaped(code)}"><code>${escaped(code)}</code></a>`)
    .join(' ');
  return `<details id="${service}.${escaped(key)}"><summary><span class="method">${method}</span><span class="path">${escaped(`/api/${service}${path}`)}</span><span class="what">${escaped(summary)}</span></summary>
<div class="inside">${description === undefined ? '' : `<p>${escaped(description)}</p>`}
<span class="tag">${escaped(key)}</span><span class="tag">for ${access}</span><span class="tag">${repeatRule(idempotency)}</span>
${parts.join('')}${codes === '' ? '' : `<h3>Errors of its own</h3><p>${codes}</p>`}</div></details>`;
}

function repeatRule(idempotency: Operation['idempotency']): string {
  if (idempotency === 'safe') return 'may be repeated';
  return idempotency === 'keyed' ? 'repeats need an Idempotency-Key' : 'must not be repeated';
}

function eventSections(events: readonly EventType[]): string {
  if (events.length === 0) return '';
  const all = events.map(
    ({ type, summary, payload }) =>
      `<details><summary><span class="path">${escaped(type)}</span><span class="what">${escaped(summary)}</span></summary><div class="inside">${schemaBlock('Payload', payload)}</div></details>`,
  );
  return `<h2>Events</h2>${all.join('')}`;
}

function errorTable(codes: readonly ErrorCode[]): string {
  const rows = codes.map(
    ({ code, status, title, operations }) =>
      `<tr id="${escaped(code)}"><td><code>${escaped(code)}</code></td><td>${status}</td><td>${escaped(title)}</td><td>${operations === undefined ? 'any' : operations.map(escaped).join(', ')}</td></tr>`,
  );
  return `<div class="scroll"><table><thead><tr><th>Code</th><th>Status</th><th>What it says</th><th>Operations</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function schemaBlock(heading: string, schema: TSchema | undefined): string {
  if (schema === undefined) return '';
  return `<h3>${escaped(heading)}</h3><pre>${escaped(JSON.stringify(schema, null, 2))}</pre>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
