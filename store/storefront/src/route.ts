import { signal } from '@preact/signals';

export const location = signal(read());

function read(): { readonly path: string; readonly query: URLSearchParams } {
  return { path: window.location.pathname, query: new URLSearchParams(window.location.search) };
}

export function go(to: string, { replace = false } = {}): void {
  history[replace ? 'replaceState' : 'pushState'](null, '', to);
  const before = location.value.path;
  location.value = read();
  if (before === location.value.path) return;
  window.scrollTo(0, 0);
  requestAnimationFrame(() => document.querySelector('main')?.focus({ preventScroll: true }));
}

/** Links of the shop are followed without loading the page anew. */
export function followLinks(): void {
  addEventListener('popstate', () => {
    location.value = read();
  });
  addEventListener('click', (event) => {
    const link = (event.target as Element).closest?.('a[href^="/"]');
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || event.defaultPrevented || link.hasAttribute('target')) return;
    event.preventDefault();
    go(link.getAttribute('href') ?? '/');
  });
}
