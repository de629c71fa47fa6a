import Link from "next/link";
import type { MouseEvent } from "react";

/**
 * Makes a whole row or card a link, without swallowing what is in it: it lies over the nearest positioned element.
 * Controls of the row need `relative z-10` to stay above it.
 */
export interface RowOpenerProps {
  label: string;
  href?: string | undefined;
  onOpen?: (() => void) | undefined;
  /** It is open now. */
  current?: boolean | undefined;
  tabIndex?: number | undefined;
  onFocus?: (() => void) | undefined;
}

const over = "absolute inset-0 cursor-pointer focus-visible:-outline-offset-2";

export function RowOpener({ label, href, onOpen, current, tabIndex, onFocus }: RowOpenerProps) {
  const shared = {
    "aria-label": label,
    "aria-current": current || undefined,
    "data-opener": "",
    tabIndex,
    onFocus,
    className: over,
  };
  if (href === undefined) return <button type="button" {...shared} onClick={onOpen} />;

  function open(event: MouseEvent) {
    if (!onOpen || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    onOpen();
  }
  return <Link href={href} prefetch={false} scroll={!onOpen} {...shared} onClick={open} />;
}
