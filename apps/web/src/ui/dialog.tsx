"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { cn } from "./cn";
import { IconButton } from "./icon-button";

/** What must be answered before going on: a short form, a question. Longer matters are a `Sheet` or a page. */
export interface DialogProps {
  title: ReactNode;
  description?: ReactNode;
  /** The button that opens it; without one, `open` and `onOpenChange` rule. */
  trigger?: ReactElement | undefined;
  open?: boolean | undefined;
  onOpenChange?: ((open: boolean) => void) | undefined;
  size?: "sm" | "md" | "lg" | undefined;
  /** A click beside it does not close it: for what would be lost. */
  persistent?: boolean | undefined;
  /** Buttons at its foot, the primary one last. */
  footer?: ReactNode;
  children?: ReactNode;
}

const widths = { sm: "sm:max-w-sm", md: "sm:max-w-lg", lg: "sm:max-w-3xl" };

/** What lies between an open dialog and the page. */
export const scrimStyles =
  "fixed inset-0 z-40 bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0";

export function Dialog(props: DialogProps) {
  const { title, description, trigger, open, onOpenChange, size = "md", persistent = false, footer, children } = props;
  return (
    <Base.Root
      {...(open !== undefined && { open })}
      onOpenChange={(next) => onOpenChange?.(next)}
      disablePointerDismissal={persistent}
    >
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className={scrimStyles} />
        <Base.Popup
          data-modal
          className={cn(
            "pop fixed inset-x-0 bottom-0 z-50 mx-auto flex max-h-[90dvh] w-full flex-col max-sm:rounded-b-none sm:top-[12dvh] sm:bottom-auto sm:max-h-[80dvh]",
            widths[size],
          )}
        >
          <header className="px-5 pt-4 pr-12 pb-3">
            <Base.Title className="wrap-anywhere font-semibold text-lg">{title}</Base.Title>
            {description && (
              <Base.Description className="mt-1 text-pretty text-ink-muted">{description}</Base.Description>
            )}
          </header>
          {children && <div className="min-h-0 overflow-y-auto px-5 pt-1 pb-5">{children}</div>}
          {footer && <footer className="flex justify-end gap-2 border-line border-t px-5 py-3">{footer}</footer>}
          {/* The last in order, so that focus goes to the first thing to fill in. */}
          <Base.Close
            render={
              <IconButton label="Close" icon={<X aria-hidden />} size="sm" className="absolute top-3.5 right-3.5" />
            }
          />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** Closes the dialog or sheet around it; renders the button it is given. */
export function DialogClose({ children }: { children: ReactElement }) {
  return <Base.Close render={children} />;
}
