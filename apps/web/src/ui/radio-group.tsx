"use client";

import { type ReactNode, useId } from "react";
import { cn } from "./cn";

/** A choice that needs a word of explanation. */
export interface RadioOption<Value extends string> {
  value: Value;
  label: ReactNode;
  help?: ReactNode;
  disabled?: boolean | undefined;
}

/** One of a few, all of them seen with what they mean. Without explanations it is a `Segmented`. */
export interface RadioGroupProps<Value extends string> {
  /** What is chosen, for screen readers; the heading seen is the `Field`'s (with `group`). */
  label: string;
  options: readonly RadioOption<Value>[];
  value: Value | undefined;
  onValueChange: (value: Value) => void;
  name?: string | undefined;
  /** The chosen one has the focus from the start. */
  autoFocus?: boolean | undefined;
  /** `cards` gives each choice a border of its own. */
  look?: "plain" | "cards" | undefined;
  className?: string | undefined;
}

export function RadioGroup<Value extends string>(props: RadioGroupProps<Value>) {
  const { label, options, value, onValueChange, name, autoFocus = false, look = "plain", className } = props;
  const id = useId();
  return (
    <div role="radiogroup" aria-label={label} className={cn("grid gap-2", className)}>
      {options.map((option) => (
        <label
          key={option.value}
          className={cn(
            "flex cursor-pointer items-start gap-2 has-disabled:cursor-default has-disabled:opacity-50",
            look === "cards" && "rounded-lg border border-line-strong p-3 has-checked:border-ink",
          )}
        >
          <input
            type="radio"
            name={name ?? id}
            value={option.value}
            checked={value === option.value}
            disabled={option.disabled}
            {...(autoFocus && value === option.value && { autoFocus })}
            onChange={() => onValueChange(option.value)}
            className="mt-0.5 size-4 shrink-0 cursor-pointer appearance-none rounded-full border border-control bg-surface checked:border-5 checked:border-ink"
          />
          <span className="min-w-0">
            {option.label}
            {option.help && <span className="block text-pretty text-ink-muted text-xs">{option.help}</span>}
          </span>
        </label>
      ))}
    </div>
  );
}
