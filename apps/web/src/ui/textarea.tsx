"use client";

import type { ComponentProps } from "react";
import { cn } from "./cn";
import { useFieldProps } from "./field";
import { useTypedEarly } from "./use-typed-early";

/** Several lines of text; grows with them. Inside a `Field`, which names it. */
export function Textarea({ className, rows = 3, ref, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      {...useFieldProps()}
      rows={rows}
      {...props}
      ref={useTypedEarly(ref, props.onChange)}
      className={cn("control field-sizing-content max-h-96 min-h-16 px-2.5 py-1.5", className)}
    />
  );
}
