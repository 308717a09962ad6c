import { useEffect } from 'preact/hooks';

const shop = document.title;

/** Names the page in the tab and in the history while it is shown. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · ${shop}` : shop;
    return () => {
      document.title = shop;
    };
  }, [title]);
}
