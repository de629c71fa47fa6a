import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "./cn";

/** The look of a button; for links that act like one, too. */
export const buttonStyles = cva(
  "inline-flex shrink-0 cursor-pointer items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium transition-colors duration-100 disabled:cursor-default disabled:opacity-50 motion-reduce:transition-none [&_svg]:size-3.5",
  {
    variants: {
      look: {
        primary: "border-transparent bg-ink text-canvas hover:bg-ink/85",
        outline: "border-line-strong bg-surface text-ink hover:bg-sunken",
        quiet: "border-transparent text-ink-muted hover:bg-sunken hover:text-ink",
      },
      size: { small: "h-7 px-2 text-xs", medium: "h-9 px-3 text-sm" },
    },
    defaultVariants: { look: "outline", size: "medium" },
  },
);

export function Button({
  look,
  size,
  className,
  ...props
}: ComponentProps<"button"> & VariantProps<typeof buttonStyles>) {
  return <button type="button" {...props} className={cn(buttonStyles({ look, size }), className)} />;
}
