"use client";

import { Check, ChevronDown } from "lucide-react";
import { useState } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { dateRangePresets, dateRangeWords } from "./date-range";
import { Field } from "./field";
import { ClearFilter } from "./filter-menu";
import { Input } from "./input";
import { Popover } from "./popover";

/** Narrows a list to a time: a preset or days. */
export interface DateRangeFilterProps {
  /** As it stands in the address, see `dateRangeOf`; null: any time. */
  value: string | null;
  onValueChange: (value: string | null) => void;
  /** Name of the filter. */
  label?: string | undefined;
  /** A range is always chosen: it cannot be cleared. */
  required?: boolean | undefined;
  /** Other ranges than the usual ones, where `dateRangeOf` is not what reads the value. */
  presets?: readonly { value: string; label: string }[] | undefined;
}

export function DateRangeFilter(props: DateRangeFilterProps) {
  const { value, onValueChange, label = "Time", required = false, presets = dateRangePresets } = props;
  const [open, setOpen] = useState(false);
  const clearable = value !== null && !required;
  const days = value?.includes("..") ? value.split("..") : [];
  const [from, to] = [days[0] ?? "", days[1] ?? ""];

  function choose(next: string) {
    onValueChange(next);
    setOpen(false);
  }
  function chooseDays(first: string, last: string) {
    onValueChange(first || last ? `${first}..${last}` : null);
  }

  return (
    <span className="inline-flex">
      <Popover
        label={label}
        open={open}
        onOpenChange={setOpen}
        className="w-64"
        trigger={
          <Button className={cn("font-normal max-sm:px-2.5", clearable && "rounded-r-none")}>
            {value ? (
              <span className="font-medium">
                {presets.find((one) => one.value === value)?.label ?? dateRangeWords(value)}
              </span>
            ) : (
              label
            )}
            {!clearable && <ChevronDown aria-hidden />}
          </Button>
        }
      >
        <ul className="-mx-1 -mt-1">
          {presets.map((preset) => (
            <li key={preset.value}>
              <button
                type="button"
                aria-pressed={preset.value === value}
                onClick={() => choose(preset.value)}
                className="flex h-8 w-full cursor-pointer items-center justify-between rounded-md px-2 text-sm hover:bg-sunken pointer-coarse:h-10"
              >
                {preset.label}
                {preset.value === value && <Check aria-hidden className="size-4" />}
              </button>
            </li>
          ))}
        </ul>
        <div className="mt-2 grid gap-3 border-line border-t pt-3">
          <Field label="From" help="Days of UTC.">
            <Input
              type="date"
              value={from}
              max={to || undefined}
              onChange={(event) => chooseDays(event.target.value, to)}
            />
          </Field>
          <Field label="To">
            <Input
              type="date"
              value={to}
              min={from || undefined}
              onChange={(event) => chooseDays(from, event.target.value)}
            />
          </Field>
        </div>
      </Popover>
      {clearable && <ClearFilter label={label} onClear={() => onValueChange(null)} />}
    </span>
  );
}
