"use client";

import type { ReactNode } from "react";
import { Button, type ButtonProps } from "./button";
import { cn } from "./cn";
import { Tooltip } from "./tooltip";

/** A button of one icon: where space is short and the icon is known (close, copy, more). */
export type IconButtonProps = Omit<ButtonProps, "children" | "aria-label"> & {
  /** What it does: its name for screen readers and its tooltip. */
  label: string;
  /** The icon, a lucide element. */
  icon: ReactNode;
};

export function IconButton({ label, icon, variant = "ghost", size = "md", className, ...props }: IconButtonProps) {
  return (
    <Tooltip content={label}>
      <Button
        {...props}
        variant={variant}
        size={size}
        aria-label={label}
        className={cn("aspect-square px-0 [&_svg]:size-4", className)}
      >
        {props.busy ? null : icon}
      </Button>
    </Tooltip>
  );
}
