import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

interface FieldProps {
  label: string;
  /** What is asked for, in a sentence. */
  rule?: string;
  /** What is wrong with what stands there. */
  wrong?: string;
}

interface TextFieldProps extends FieldProps {
  value: string;
  onInput: (text: string) => void;
  type?: "text" | "password" | "search" | "number" | "datetime-local" | "date";
  isRequired?: boolean;
  maxLength?: number;
  /** The least date or number; the form is not sent below it. */
  min?: string;
  /** More than one line. */
  lines?: number;
  placeholder?: string;
  testid?: string;
}

/** A line of text, or several. */
export function TextField({ label, rule, wrong, value, onInput, type = "text", isRequired, maxLength, min, lines, placeholder, testid }: TextFieldProps): JSX.Element {
  const id = useId();
  const common = {
    class: "input",
    id,
    value,
    required: isRequired,
    maxLength,
    placeholder,
    "data-testid": testid,
    "aria-invalid": wrong ? ("true" as const) : undefined,
    "aria-describedby": rule || wrong ? `${id}-says` : undefined,
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {lines ? (
        <textarea {...common} rows={lines} onInput={(event) => onInput(event.currentTarget.value)} />
      ) : (
        // Preact's types want one kind of input at a time.
        <input {...common} type={type as "text"} min={min} autocomplete="off" onInput={(event) => onInput(event.currentTarget.value)} />
      )}
      {(wrong || rule) && <small id={`${id}-says`} class={wrong ? "wrong" : "rule"}>{wrong || rule}</small>}
    </div>
  );
}

interface SelectProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  isRequired?: boolean;
  disabled?: boolean;
  /** `<option>`s. */
  children: ComponentChildren;
  testid?: string;
}

export function Select({ label, rule, value, onChange, isRequired, disabled, children, testid }: SelectProps): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select class="input" id={id} value={value} required={isRequired} disabled={disabled} data-testid={testid}
        aria-describedby={rule ? `${id}-says` : undefined} onChange={(event) => onChange(event.currentTarget.value)}>
        {children}
      </select>
      {rule && <small id={`${id}-says`} class="rule">{rule}</small>}
    </div>
  );
}

interface ChoicesProps<Value extends string> {
  legend: string;
  name: string;
  value: Value;
  options: readonly (readonly [Value, string])[];
  onChange: (value: Value) => void;
}

/** One of a few, all in sight. */
export function Choices<Value extends string>({ legend, name, value, options, onChange }: ChoicesProps<Value>): JSX.Element {
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      {options.map(([option, text]) => (
        <label class="choice" key={option}>
          <input type="radio" name={name} value={option} checked={option === value} data-testid={`${name}-${option}`} onChange={() => onChange(option)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}

interface CheckProps {
  label: string;
  value: boolean;
  onChange: (value: boolean) => void;
  testid?: string;
}

export function Check({ label, value, onChange, testid }: CheckProps): JSX.Element {
  return (
    <label class="choice">
      <input type="checkbox" checked={value} data-testid={testid} onChange={(event) => onChange(event.currentTarget.checked)} />
      {label}
    </label>
  );
}
