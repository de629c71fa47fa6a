"use client";

import { type ComponentProps, type ReactNode, useId } from "react";
import { useFieldProps } from "./field";

/** What can be ticked or switched on. */
export type ToggleProps = Omit<ComponentProps<"input">, "type" | "role" | "value"> & {
  /** Beside it; without one it needs an `aria-label`. */
  label?: ReactNode;
  /** Under the label. */
  help?: ReactNode;
  onCheckedChange?: ((checked: boolean) => void) | undefined;
};

/** What a checkbox and a switch share: the input's props, and the ids that tie label and help to it. */
export function useToggle({ label: _, help, className: __, onChange, onCheckedChange, ...props }: ToggleProps) {
  const own = useId();
  const field = useFieldProps();
  const id = props.id ?? field.id ?? own;
  const helpId = `${id}-own-help`;
  const describedBy = [field["aria-describedby"], help && helpId].filter(Boolean).join(" ") || undefined;
  const input = {
    ...field,
    "aria-describedby": describedBy,
    ...props,
    id,
    type: "checkbox",
    onChange: (event) => {
      onChange?.(event);
      onCheckedChange?.(event.target.checked);
    },
  } satisfies ComponentProps<"input">;
  return { id, helpId, input };
}
