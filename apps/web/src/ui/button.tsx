import { cva, type VariantProps } from "class-variance-authority";
import Link from "next/link";
import type { ComponentProps } from "react";
import { cn } from "./cn";
import { Spinner } from "./spinner";

/** The look of a button; for elements of other libraries that act like one, too. */
export const buttonStyles = cva(
  "inline-flex shrink-0 cursor-pointer select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium transition-colors disabled:cursor-default disabled:opacity-50 aria-busy:cursor-progress data-disabled:cursor-default data-disabled:opacity-50 [&_svg]:size-3.5 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "border-transparent bg-ink text-canvas not-disabled:hover:bg-ink/85",
        secondary: "border-line-strong bg-surface text-ink not-disabled:hover:bg-sunken data-popup-open:bg-sunken",
        ghost:
          "border-transparent text-ink-muted not-disabled:hover:bg-sunken not-disabled:hover:text-ink data-popup-open:bg-sunken data-popup-open:text-ink",
        danger: "border-transparent bg-danger text-on-fill not-disabled:hover:bg-danger/90",
      },
      size: {
        sm: "h-7 px-2 text-xs pointer-coarse:h-9",
        md: "h-8 px-3 text-sm pointer-coarse:h-10",
        lg: "h-10 px-4 text-base",
      },
    },
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

/** The variants and sizes of buttons, and of links that look like them. */
export type ButtonLook = VariantProps<typeof buttonStyles>;

/** One of a page is `primary`; `danger` only where something is lost for good. */
export type ButtonProps = ComponentProps<"button"> &
  ButtonLook & {
    /** Its work is under way: a spinner is shown and clicks do nothing, but focus stays. */
    busy?: boolean | undefined;
  };

/** Does something. What goes somewhere is a `ButtonLink`. */
export function Button({ variant, size, busy = false, className, children, onClick, ...props }: ButtonProps) {
  return (
    <button
      type="button"
      {...props}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={cn(buttonStyles({ variant, size }), className)}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({ variant, size, className, ...props }: ComponentProps<typeof Link> & ButtonLook) {
  return <Link {...props} className={cn(buttonStyles({ variant, size }), className)} />;
}
