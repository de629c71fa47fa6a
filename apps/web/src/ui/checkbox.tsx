"use client";

import { Check } from "lucide-react";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "./cn";
import { useFieldProps } from "./field";

/** Yes or no, kept when the form is sent. What takes effect at once is a `Switch`. */
export type CheckboxProps = Omit<ComponentProps<"input">, "type" | "value"> & {
  /** Beside it; without one it needs an `aria-label`. */
  label?: ReactNode;
  /** Under the label. */
  help?: ReactNode;
  onCheckedChange?: ((checked: boolean) => void) | undefined;
};

export function Checkbox({ label, help, className, onChange, onCheckedChange, ...props }: CheckboxProps) {
  const own = useId();
  const field = useFieldProps();
  const id = props.id ?? field.id ?? own;
  const describedBy = [field["aria-describedby"], help && `${id}-own-help`].filter(Boolean).join(" ") || undefined;
  return (
    <div className={cn("flex items-start gap-2", className)}>
      <span className="relative mt-0.5 flex size-4 shrink-0">
        <input
          {...field}
          aria-describedby={describedBy}
          {...props}
          id={id}
          type="checkbox"
          onChange={(event) => {
            onChange?.(event);
            onCheckedChange?.(event.target.checked);
          }}
          className="peer size-4 cursor-pointer appearance-none rounded-sm border border-control bg-surface checked:border-ink checked:bg-ink disabled:cursor-default disabled:opacity-50"
        />
        <Check
          aria-hidden
          strokeWidth={3}
          className="pointer-events-none absolute inset-0 m-auto hidden size-3 text-canvas peer-checked:block"
        />
      </span>
      {label !== undefined && (
        <span className="min-w-0">
          <label htmlFor={id} className="cursor-pointer">
            {label}
          </label>
          {help && (
            <span id={`${id}-own-help`} className="block text-ink-muted text-xs">
              {help}
            </span>
          )}
        </span>
      )}
    </div>
  );
}
