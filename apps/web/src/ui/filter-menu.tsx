"use client";

import { ChevronDown, X } from "lucide-react";
import { Button } from "./button";
import { cn } from "./cn";
import { Menu, MenuCheck } from "./menu";
import type { Option } from "./select";

/** One dimension of a list, of which several values may be chosen; none chosen means all. */
export interface FilterMenuProps<Value extends string> {
  /** What is filtered by: `Status`. */
  label: string;
  options: readonly Option<Value>[];
  value: readonly Value[];
  onValueChange: (value: Value[]) => void;
  /** Only one value at a time. */
  single?: boolean | undefined;
}

export function FilterMenu<Value extends string>(props: FilterMenuProps<Value>) {
  const { label, options, value, onValueChange, single = false } = props;
  const chosen = options.filter((option) => value.includes(option.value));
  const words =
    chosen.length > 2 ? `${chosen.length} of ${options.length}` : chosen.map((option) => option.label).join(", ");

  function change(option: Value, checked: boolean) {
    if (single) onValueChange(checked ? [option] : []);
    else onValueChange(checked ? [...value, option] : value.filter((one) => one !== option));
  }

  return (
    <span className="inline-flex">
      <Menu
        align="start"
        trigger={
          <Button className={cn("font-normal max-sm:px-2.5", chosen.length > 0 && "rounded-r-none")}>
            <span className={cn(chosen.length > 0 && "text-ink-muted")}>{label}</span>
            {chosen.length > 0 ? <span className="font-medium">{words}</span> : <ChevronDown aria-hidden />}
          </Button>
        }
      >
        {options.map((option) => (
          <MenuCheck
            key={option.value}
            checked={value.includes(option.value)}
            onCheckedChange={(checked) => change(option.value, checked)}
          >
            {option.label}
          </MenuCheck>
        ))}
      </Menu>
      {chosen.length > 0 && <ClearFilter label={label} onClear={() => onValueChange([])} />}
    </span>
  );
}

/** The end of a filter's button that takes the filter away. */
export function ClearFilter({ label, onClear }: { label: string; onClear: () => void }) {
  return (
    <Button aria-label={`Clear filter: ${label}`} onClick={onClear} className="-ml-px rounded-l-none px-2">
      <X aria-hidden />
    </Button>
  );
}
