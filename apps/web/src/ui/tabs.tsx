"use client";

import { Tabs as Base } from "@base-ui/react/tabs";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";
import { cn } from "./cn";

const row = "flex gap-4 overflow-x-auto border-line border-b";
const tab =
  "-mb-px flex h-9 shrink-0 cursor-pointer items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 font-medium text-ink-muted text-sm hover:text-ink focus-visible:-outline-offset-2";

/** Parts of one page, one seen at a time; which one is not in the address. */
export interface TabsProps {
  /** What they are parts of, for screen readers. */
  label: string;
  tabs: readonly { value: string; label: ReactNode; panel: ReactNode }[];
  defaultValue?: string | undefined;
  value?: string | undefined;
  onValueChange?: ((value: string) => void) | undefined;
  className?: string | undefined;
}

export function Tabs({ label, tabs, defaultValue = tabs[0]?.value, value, onValueChange, className }: TabsProps) {
  return (
    <Base.Root
      {...(value === undefined ? { defaultValue } : { value })}
      onValueChange={(next) => onValueChange?.(String(next))}
      className={className}
    >
      <Base.List aria-label={label} className={row}>
        {tabs.map((one) => (
          <Base.Tab
            key={one.value}
            value={one.value}
            className={cn(tab, "data-active:border-ink data-active:text-ink")}
          >
            {one.label}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((one) => (
        <Base.Panel key={one.value} value={one.value} className="pt-4">
          {one.panel}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}

/** Tabs that are pages of their own: each has an address. Where they are too many, the one that is open is in sight. */
export interface LinkTabsProps {
  /** What they lead through, for screen readers. */
  label: string;
  /** `exact`: only this very address is it, not those below it. */
  tabs: readonly { href: string; label: ReactNode; exact?: boolean | undefined }[];
  className?: string | undefined;
}

export function LinkTabs({ label, tabs, className }: LinkTabsProps) {
  const path = usePathname();
  const nav = useRef<HTMLElement>(null);
  const isHere = ({ href, exact }: LinkTabsProps["tabs"][number]) =>
    path === href || (!exact && path.startsWith(`${href}/`));
  const current = tabs.findIndex(isHere);
  useEffect(() => {
    const list = nav.current;
    const tab = list?.children[current];
    if (list && tab instanceof HTMLElement) list.scrollLeft = tab.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2;
  }, [current]);
  return (
    <nav ref={nav} aria-label={label} className={cn(row, "relative", className)}>
      {tabs.map(({ href, label }, index) => {
        const here = index === current;
        return (
          <Link
            key={href}
            href={href}
            aria-current={here ? "page" : undefined}
            className={cn(tab, here && "border-ink text-ink")}
          >
            {label}
          </Link>
        );
      })}
    </nav>
  );
}
