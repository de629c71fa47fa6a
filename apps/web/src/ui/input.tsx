"use client";

import type { ComponentProps } from "react";
import { cn } from "./cn";
import { useFieldProps } from "./field";
import { useTypedEarly } from "./use-typed-early";

/** One line of text. Inside a `Field`, which names it; alone it needs an `aria-label`. */
export function Input({ className, ref, ...props }: ComponentProps<"input">) {
  return (
    <input
      {...useFieldProps()}
      {...props}
      ref={useTypedEarly(ref, props.onChange)}
      className={cn("control h-8 px-2.5 pointer-coarse:h-10", className)}
    />
  );
}
