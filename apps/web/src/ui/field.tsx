"use client";

import { CircleAlert } from "lucide-react";
import { createContext, type ReactNode, useContext, useId } from "react";
import { cn } from "./cn";

interface FieldIds {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
  required: boolean;
}

const FieldContext = createContext<FieldIds | null>(null);

/** What a control inside a `Field` takes over from it; its own props win. */
export function useFieldProps() {
  const field = useContext(FieldContext);
  if (!field) return {};
  return {
    id: field.id,
    "aria-describedby": field.describedBy,
    "aria-invalid": field.invalid || undefined,
    "aria-required": field.required || undefined,
  };
}

/** One control (or, with `group`, several) with its label above, its help below and its error beside it. */
export interface FieldProps {
  /** Null for a control that brings its own: a `Checkbox`, a `Switch`. */
  label: ReactNode;
  /** What one should know before filling it in. */
  help?: ReactNode;
  /** What is wrong with it, in a sentence. */
  error?: string | undefined;
  required?: boolean | undefined;
  /** Says "Optional" beside the label: where most fields are required. */
  optional?: boolean | undefined;
  /** Beside the label, on the right: a link or a counter. */
  aside?: ReactNode;
  /** For a control that brings a name of its own (a group): the label is then no `<label>`. */
  group?: boolean | undefined;
  /** The label is for screen readers only. */
  labelHidden?: boolean | undefined;
  className?: string | undefined;
  children: ReactNode;
}

export function Field(props: FieldProps) {
  const { label, help, error, required = false, optional, aside, group, labelHidden, className, children } = props;
  const id = useId();
  const helpId = help ? `${id}-help` : "";
  const errorId = error ? `${id}-error` : "";
  const describedBy = [errorId, helpId].filter(Boolean).join(" ") || undefined;
  const labelText = (
    <>
      {label}
      {optional && <span className="font-normal text-ink-muted"> · Optional</span>}
    </>
  );

  return (
    <div
      className={cn("min-w-0 space-y-1.5", className)}
      {...(group && { role: "group", "aria-labelledby": `${id}-label`, "aria-describedby": describedBy })}
    >
      {label !== null && (
        <div className={cn("flex items-baseline justify-between gap-3 text-sm", labelHidden && "sr-only")}>
          {group ? (
            <span id={`${id}-label`} className="font-medium">
              {labelText}
            </span>
          ) : (
            <label htmlFor={id} id={`${id}-label`} className="font-medium">
              {labelText}
            </label>
          )}
          {aside && <span className="text-ink-muted text-xs">{aside}</span>}
        </div>
      )}
      <FieldContext value={group ? null : { id, describedBy, invalid: Boolean(error), required }}>
        {children}
      </FieldContext>
      {error && (
        <p id={errorId} className="flex items-start gap-1.5 text-bad text-xs">
          <CircleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
          {error}
        </p>
      )}
      {help && (
        <div id={helpId} className="text-pretty text-ink-muted text-xs">
          {help}
        </div>
      )}
    </div>
  );
}
