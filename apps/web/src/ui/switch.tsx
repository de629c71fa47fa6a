"use client";

import { cn } from "./cn";
import { type ToggleProps, useToggle } from "./use-toggle";

/** On or off, and it takes effect at once. */
export function Switch(props: ToggleProps) {
  const { label, help, className } = props;
  const { id, helpId, input } = useToggle(props);
  return (
    <div className={cn("flex items-start justify-between gap-4", className)}>
      {label !== undefined && (
        <span className="min-w-0">
          <label htmlFor={id} className="cursor-pointer font-medium text-sm">
            {label}
          </label>
          {help && (
            <span id={helpId} className="block text-pretty text-ink-muted text-xs">
              {help}
            </span>
          )}
        </span>
      )}
      <span className="relative inline-flex h-5 w-8 shrink-0">
        <input
          {...input}
          // biome-ignore lint/a11y/useAriaPropsForRole: the browser says itself whether a checkbox is checked
          role="switch"
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
