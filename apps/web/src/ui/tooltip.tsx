"use client";

import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";

/** A few words about a control that can be focused. Never the only place of what one needs to know. */
export interface TooltipProps {
  content: ReactNode;
  /** The control itself; it must take a ref and spread its props. */
  children: ReactElement;
  side?: "top" | "right" | "bottom" | "left" | undefined;
}

export function Tooltip({ content, children, side = "top" }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger delay={400} render={children} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} collisionPadding={8} className="z-50">
          <Base.Popup className="pop max-w-72 rounded-md px-2 py-1 text-xs">{content}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
