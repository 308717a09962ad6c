import { requestInvalid } from './endpoint.ts';

const TAG = /^(?:W\/)?"([\x21\x23-\x7e]*)"$/;

/** A reply's field as an `ETag`. */
export function entityTag(value: string | number): string {
  return `"${value}"`;
}

/** What an `If-Match` header holds, without quotes; `*` is any. @throws ProblemError `request-invalid` when it is no tag, or several. */
export function readEntityTag(header: string | undefined): string | undefined {
  if (header === undefined || header === '*') return header;
  const tag = TAG.exec(header.trim())?.[1];
  if (tag !== undefined) return tag;
  throw requestInvalid([{ field: 'headers/if-match', takes: 'must be one ETag as it was given: "7"' }]);
}
