import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

interface LaterProps<P> {
  load(): Promise<{ readonly default: ComponentType<P> }>;
  readonly props: P;
}

/** A page whose script comes when it is first opened. */
export function Later<P extends object>({ load, props }: LaterProps<P>) {
  const [page, setPage] = useState<{ readonly Page: ComponentType<P>; readonly load: unknown }>();
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    setFailed(false);
    load().then(
      ({ default: Page }) => setPage({ Page, load }),
      () => setFailed(true),
    );
  }, [load]);
  if (hasFailed) return <p class="trouble">This page could not be loaded. Load it again when you are back online.</p>;
  if (page?.load !== load) return <p class="quiet loading">One moment …</p>;
  return <page.Page {...props} />;
}
