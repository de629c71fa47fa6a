"use client";

import { ChevronsUpDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn";
import { useFieldProps } from "./field";

/** One choice of a list. */
export interface Option<Value extends string = string> {
  value: Value;
  label: string;
  disabled?: boolean | undefined;
}

/** One of up to about ten; the browser's own list, so it works everywhere. Longer lists are a `Combobox`. */
export type SelectProps<Value extends string = string> = Omit<ComponentProps<"select">, "children" | "value"> & {
  options: readonly Option<Value>[];
  value?: Value | "" | undefined;
  /** Shown while nothing is chosen. */
  placeholder?: string | undefined;
  onValueChange?: ((value: Value) => void) | undefined;
};

export function Select<Value extends string>(props: SelectProps<Value>) {
  const { options, placeholder, className, onChange, onValueChange, ...rest } = props;
  return (
    <span className={cn("relative block w-full", className)}>
      <select
        {...useFieldProps()}
        {...rest}
        onChange={(event) => {
          onChange?.(event);
          onValueChange?.(event.target.value as Value);
        }}
        className="control h-8 cursor-pointer appearance-none truncate pr-8 pl-2.5 pointer-coarse:h-10"
      >
        {placeholder !== undefined && (
          <option value="" disabled>
            {placeholder}
          </option>
        )}
        {options.map(({ value, label, disabled }) => (
          <option key={value} value={value} disabled={disabled} className="bg-raised text-ink">
            {label}
          </option>
        ))}
      </select>
      <ChevronsUpDown
        aria-hidden
        className="pointer-events-none absolute inset-y-0 right-2.5 my-auto size-3.5 text-ink-muted"
      />
    </span>
  );
}
