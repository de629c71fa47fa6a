import Link from "next/link";
import type { ComponentProps } from "react";
import { cn } from "./cn";

/** A link within a sentence. */
export function TextLink({ className, ...props }: ComponentProps<typeof Link>) {
  return <Link {...props} className={cn("text-accent-ink underline underline-offset-4 hover:text-ink", className)} />;
}
