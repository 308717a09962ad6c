/** How much of an element, and how long, has to be in view for it to count as seen; after the IAB's rule for what is viewable. */
const SHARE_MIN = 0.5;
const SEEN_AFTER_MS = 1_000;

/** Calls once the element was seen; returns what stops waiting for it. */
export function onceSeen(element: Element, seen: () => void): () => void {
  let timer = 0;
  const observer = new IntersectionObserver(
    ([entry]) => {
      clearTimeout(timer);
      if (!entry?.isIntersecting) return;
      timer = window.setTimeout(() => {
        observer.disconnect();
        seen();
      }, SEEN_AFTER_MS);
    },
    { threshold: SHARE_MIN },
  );
  observer.observe(element);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
}
