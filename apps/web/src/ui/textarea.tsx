"use client";

import type { ComponentProps } from "react";
import { cn } from "./cn";
import { useFieldProps } from "./field";

/** Several lines of text; grows with them. Inside a `Field`, which names it. */
export function Textarea({ className, rows = 3, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      {...useFieldProps()}
      rows={rows}
      {...props}
      className={cn("control field-sizing-content max-h-96 min-h-16 px-2.5 py-1.5", className)}
    />
  );
}
