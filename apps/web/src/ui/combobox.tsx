"use client";

import { Combobox as Base } from "@base-ui/react/combobox";
import { Check, ChevronsUpDown } from "lucide-react";
import { useMemo } from "react";
import { cn } from "./cn";
import { useFieldProps } from "./field";
import type { Option } from "./select";
import { useMedia } from "./use-media";

/** One of many, found by typing. Up to about ten are a `Select`. */
export interface ComboboxProps<Value extends string> {
  options: readonly Option<Value>[];
  value: Value | null;
  onValueChange: (value: Value | null) => void;
  /** Shown while nothing is chosen. */
  placeholder?: string | undefined;
  /** In the search box. */
  searchPlaceholder?: string | undefined;
  /** What is said when nothing matches. */
  empty?: string | undefined;
  /** For options that the server searches: called with what is typed; then `options` are shown as they come. */
  onSearch?: ((query: string) => void) | undefined;
  /** Its name, when no `Field` is around it. */
  "aria-label"?: string | undefined;
  disabled?: boolean | undefined;
  className?: string | undefined;
}

const triggerStyles =
  "control flex h-8 cursor-pointer items-center justify-between gap-2 pr-2.5 pl-2.5 text-left pointer-coarse:h-10";

export function Combobox<Value extends string>(props: ComboboxProps<Value>) {
  const { options, value, onValueChange, onSearch, disabled = false, className } = props;
  const { placeholder = "Choose…", searchPlaceholder = "Search…", empty = "Nothing matches." } = props;
  const field = { ...useFieldProps(), ...(props["aria-label"] && { "aria-label": props["aria-label"] }) };
  const chosen = useMemo(() => options.find((option) => option.value === value) ?? null, [options, value]);
  const face = (
    <>
      <span className={cn("truncate", !chosen && "text-ink-muted")}>{chosen?.label ?? value ?? placeholder}</span>
      <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-ink-muted" />
    </>
  );

  // Its hidden input has a style attribute, which the page's policy forbids in the server's HTML.
  const running = useMedia("all");
  if (!running) {
    return (
      <button type="button" {...field} disabled className={cn(triggerStyles, className)}>
        {face}
      </button>
    );
  }

  return (
    <Base.Root
      items={options}
      value={chosen}
      onValueChange={(option: Option<Value> | null) => onValueChange(option?.value ?? null)}
      onInputValueChange={(query) => onSearch?.(query)}
      isItemEqualToValue={(one, other) => one?.value === other?.value}
      disabled={disabled}
      {...(onSearch && { filter: null })}
    >
      <Base.Trigger {...field} className={cn(triggerStyles, className)}>
        {face}
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner align="start" sideOffset={4} collisionPadding={8} className="z-50">
          <Base.Popup aria-label={placeholder} className="pop w-(--anchor-width) min-w-56 max-w-(--available-width)">
            <div className="border-line border-b p-1">
              <Base.Input
                aria-label={searchPlaceholder}
                placeholder={searchPlaceholder}
                className="h-8 w-full rounded-md bg-transparent px-2 text-sm focus-visible:-outline-offset-2 pointer-coarse:text-lg"
              />
            </div>
            <Base.Empty className="text-ink-muted text-sm">
              <p className="px-3 py-4 text-center">{empty}</p>
            </Base.Empty>
            <Base.List className="max-h-[min(18rem,calc(var(--available-height)-3rem))] overflow-y-auto p-1 data-empty:p-0">
              {(option: Option<Value>) => (
                <Base.Item
                  key={option.value}
                  value={option}
                  disabled={option.disabled ?? false}
                  className="flex min-h-8 cursor-pointer items-center justify-between gap-2 rounded-md px-2 py-1 text-sm outline-none data-disabled:cursor-default data-highlighted:bg-sunken data-disabled:text-ink-muted"
                >
                  <span className="min-w-0 truncate">{option.label}</span>
                  <Base.ItemIndicator>
                    <Check aria-hidden className="size-4" />
                  </Base.ItemIndicator>
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
