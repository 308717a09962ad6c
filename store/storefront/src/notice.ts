import { signal } from '@preact/signals';

/** Said aloud to screen readers, and shown for a moment. */
export const notice = signal('');
