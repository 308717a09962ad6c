import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly type?: 'text' | 'email' | 'password' | 'number';
  readonly value?: string | undefined;
  readonly autoComplete?: string;
  readonly inputMode?: 'numeric';
  readonly pattern?: string;
  readonly placeholder?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly min?: string;
  readonly step?: string;
  readonly required?: boolean;
}

/** A field with its label above it. */
export function Field({ label, required = true, ...input }: FieldProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input required={required} {...(input as object)} />
    </label>
  );
}

interface FormProps {
  readonly children: ComponentChildren;
  /** What the button says. */
  readonly send: string;
  readonly isQuiet?: boolean;
  /** Gets the fields by name; what it throws is shown. A sentence that it returns is shown as done. */
  onSend(fields: Readonly<Record<string, string>>): Promise<string | undefined>;
}

/** A form that cannot be sent twice at once, and says what came of it. */
export function Form({ children, send, isQuiet = false, onSend }: FormProps) {
  const [state, setState] = useState<{ pending: boolean; trouble: string; done: string }>(idle);
  const trouble = useRef<HTMLParagraphElement>(null);
  const submit = async (form: HTMLFormElement) => {
    setState({ ...idle, pending: true });
    try {
      const fields = Object.fromEntries(new FormData(form) as unknown as Iterable<[string, string]>);
      setState({ ...idle, done: (await onSend(fields)) ?? '' });
    } catch (error) {
      setState({ ...idle, trouble: (error as Error).message });
      trouble.current?.focus();
    }
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!state.pending) void submit(event.currentTarget);
      }}
    >
      {children}
      <p class="fault" role="alert" ref={trouble} tabIndex={-1} hidden={state.trouble === ''}>
        {state.trouble}
      </p>
      <p class="done" role="status" hidden={state.done === ''}>
        {state.done}
      </p>
      <button type="submit" class={isQuiet ? '' : 'primary'} aria-disabled={state.pending}>
        {state.pending ? 'One moment …' : send}
      </button>
    </form>
  );
}

const idle = { pending: false, trouble: '', done: '' };
