"use client";

import type { ComponentProps } from "react";
import { cn } from "./cn";
import { useFieldProps } from "./field";

/** One line of text. Inside a `Field`, which names it; alone it needs an `aria-label`. */
export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input {...useFieldProps()} {...props} className={cn("control h-8 px-2.5 pointer-coarse:h-10", className)} />;
}
