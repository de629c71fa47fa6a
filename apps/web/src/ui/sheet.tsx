"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { cn } from "./cn";
import { scrimStyles } from "./dialog";
import { IconButton } from "./icon-button";

/** One thing of a list beside the list, or a long form: a panel at the right edge, the whole screen on a phone. */
export interface SheetProps {
  title: ReactNode;
  description?: ReactNode;
  /** Beside the title: a link to the thing's own page, a menu. */
  actions?: ReactNode;
  trigger?: ReactElement | undefined;
  open?: boolean | undefined;
  onOpenChange?: ((open: boolean) => void) | undefined;
  /** `left` for navigation. */
  side?: "right" | "left" | undefined;
  size?: "sm" | "md" | "lg" | undefined;
  /** `false`: the page beside it stays usable (a list one walks through); Escape closes it still. */
  modal?: boolean | undefined;
  /** Buttons at its foot, the primary one last. */
  footer?: ReactNode;
  children: ReactNode;
}

const widths = { sm: "sm:max-w-xs", md: "sm:max-w-md", lg: "sm:max-w-2xl" };

export function Sheet(props: SheetProps) {
  const { title, description, actions, trigger, open, onOpenChange, footer, children } = props;
  const { side = "right", size = "md", modal = true } = props;
  return (
    <Base.Root
      {...(open !== undefined && { open })}
      onOpenChange={(next) => onOpenChange?.(next)}
      modal={modal}
      disablePointerDismissal={!modal}
    >
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        {modal && <Base.Backdrop className={scrimStyles} />}
        <Base.Popup
          initialFocus={modal}
          data-modal={modal || undefined}
          className={cn(
            "fixed inset-y-0 z-50 flex w-full flex-col bg-raised shadow-pop outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0",
            side === "right" ? "right-0 border-line-strong sm:border-l" : "left-0 border-line-strong sm:border-r",
            widths[size],
          )}
        >
          <div className="flex items-start justify-between gap-4 border-line border-b px-5 py-3">
            <div className="min-w-0">
              <Base.Title className="truncate font-semibold text-lg">{title}</Base.Title>
              {description && (
                <Base.Description render={<div />} className="text-ink-muted text-sm">
                  {description}
                </Base.Description>
              )}
            </div>
            <div className="-mr-1 flex shrink-0 items-center gap-1">
              {actions}
              <Base.Close render={<IconButton label="Close" icon={<X aria-hidden />} size="sm" />} />
            </div>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
          {footer && <div className="flex justify-end gap-2 border-line border-t px-5 py-3">{footer}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
