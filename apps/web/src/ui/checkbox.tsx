"use client";

import { Check } from "lucide-react";
import { cn } from "./cn";
import { type ToggleProps, useToggle } from "./use-toggle";

/** Yes or no, kept when the form is sent. What takes effect at once is a `Switch`. */
export function Checkbox(props: ToggleProps) {
  const { label, help, className } = props;
  const { id, helpId, input } = useToggle(props);
  return (
    <div className={cn("flex items-start gap-2", className)}>
      <span className="relative mt-0.5 flex size-4 shrink-0">
        <input
          {...input}
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
            <span id={helpId} className="block text-ink-muted text-xs">
              {help}
            </span>
          )}
        </span>
      )}
    </div>
  );
}
