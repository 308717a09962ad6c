/** What the browser keeps under this name, or `otherwise` where it keeps nothing that can be read. */
export function stored<T>(name: string, otherwise: T): T {
  try {
    return JSON.parse(localStorage.getItem(name) ?? '') as T;
  } catch {
    return otherwise;
  }
}
