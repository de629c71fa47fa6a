"use client";

import { type ReactNode, useId } from "react";
import { cn } from "./cn";

/** One of two to five, in one row: a view, a range, a theme. */
export interface SegmentedProps<Value extends string> {
  /** What is chosen, for screen readers. */
  label: string;
  options: readonly { value: Value; label: ReactNode; icon?: ReactNode }[];
  value: Value;
  onValueChange: (value: Value) => void;
  className?: string | undefined;
}

export function Segmented<Value extends string>(props: SegmentedProps<Value>) {
  const { label, options, value, onValueChange, className } = props;
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={cn("inline-flex h-8 rounded-md border border-line bg-sunken p-0.5 pointer-coarse:h-10", className)}
    >
      {options.map((option) => (
        <label
          key={option.value}
          className="relative flex cursor-pointer items-center gap-1.5 whitespace-nowrap rounded-sm border border-transparent px-2.5 font-medium text-ink-muted text-sm hover:text-ink has-checked:border-line-strong has-checked:bg-raised has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent-ink [&_svg]:size-3.5"
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={value === option.value}
            onChange={() => onValueChange(option.value)}
            className="absolute inset-0 cursor-pointer appearance-none outline-none"
          />
          {option.icon}
          {option.label}
        </label>
      ))}
    </div>
  );
}
