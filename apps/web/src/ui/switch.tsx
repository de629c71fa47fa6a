"use client";

import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "./cn";
import { useFieldProps } from "./field";

/** On or off, and it takes effect at once. */
export type SwitchProps = Omit<ComponentProps<"input">, "type" | "role" | "value"> & {
  /** Before it; without one it needs an `aria-label`. */
  label?: ReactNode;
  /** Under the label. */
  help?: ReactNode;
  onCheckedChange?: ((checked: boolean) => void) | undefined;
};

export function Switch({ label, help, className, onChange, onCheckedChange, ...props }: SwitchProps) {
  const own = useId();
  const field = useFieldProps();
  const id = props.id ?? field.id ?? own;
  const describedBy = [field["aria-describedby"], help && `${id}-own-help`].filter(Boolean).join(" ") || undefined;
  return (
    <div className={cn("flex items-start justify-between gap-4", className)}>
      {label !== undefined && (
        <span className="min-w-0">
          <label htmlFor={id} className="cursor-pointer font-medium text-sm">
            {label}
          </label>
          {help && (
            <span id={`${id}-own-help`} className="block text-pretty text-ink-muted text-xs">
              {help}
            </span>
          )}
        </span>
      )}
      <span className="relative inline-flex h-5 w-8 shrink-0">
        <input
          {...field}
          aria-describedby={describedBy}
          {...props}
          id={id}
          type="checkbox"
          // biome-ignore lint/a11y/useAriaPropsForRole: the browser says itself whether a checkbox is checked
          role="switch"
          onChange={(event) => {
            onChange?.(event);
            onCheckedChange?.(event.target.checked);
          }}
          className="peer h-5 w-8 cursor-pointer appearance-none rounded-full border border-control bg-sunken transition-colors checked:border-ink checked:bg-ink disabled:cursor-default disabled:opacity-50"
        />
        <span
          aria-hidden
          className="pointer-events-none absolute top-1 left-1 size-3 rounded-full bg-control transition-transform peer-checked:translate-x-3 peer-checked:bg-canvas"
        />
      </span>
    </div>
  );
}
