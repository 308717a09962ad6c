/** What stands behind `#token=` in a mailed link. */
export function linkToken(): string | undefined {
  return new URLSearchParams(window.location.hash.slice(1)).get('token') ?? undefined;
}
