"use client";

import { ArrowUpRight, BookOpen, Inbox, type LucideIcon } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "../ui/cn";
import { navigation } from "./navigation";
import { useTenant } from "./tenant-context";
import { TenantSwitcher } from "./tenant-switcher";

const itemStyles =
  "flex h-8 items-center gap-2.5 rounded-md px-2 text-ink-muted text-sm transition-colors hover:bg-ink/5 hover:text-ink pointer-coarse:h-10";

/** Where one can go in a tenant: what one's role does not reach is not offered. */
export function Sidebar({ onNavigate }: { onNavigate: () => void }) {
  const tenant = useTenant();
  const path = usePathname();
  return (
    <div className="flex h-full flex-col gap-4">
      <TenantSwitcher />
      <nav aria-label="Pages" className="flex-1 space-y-5 overflow-y-auto">
        {navigation.map(({ label, pages }) => {
          const reached = pages.filter(({ action }) => tenant.can(action));
          if (reached.length === 0) return null;
          return (
            <div key={label}>
              <p className="px-2 pb-1 text-ink-muted text-xs">{label}</p>
              <ul className="space-y-px">
                {reached.map(({ path: page, name, icon: Icon }) => {
                  const href = tenant.href(page);
                  const isHere = page === "" ? path === href : path === href || path.startsWith(`${href}/`);
                  return (
                    <li key={page}>
                      <Link
                        href={href}
                        onClick={onNavigate}
                        aria-current={isHere ? "page" : undefined}
                        className={cn(itemStyles, isHere && "bg-ink/7 font-medium text-ink")}
                      >
                        <Icon aria-hidden className="size-4 shrink-0" />
                        {name}
                      </Link>
                    </li>
                  );
                })}
              </ul>
            </div>
          );
        })}
      </nav>
      <div className="border-frame-line border-t pt-3">
        {tenant.mailboxUrl && <Elsewhere href={tenant.mailboxUrl} name="Local mailbox" icon={Inbox} />}
        <Elsewhere href={`${tenant.apiUrl}/docs`} name="API reference" icon={BookOpen} />
      </div>
    </div>
  );
}

/** A place outside the console, opened beside it. */
function Elsewhere({ href, name, icon: Icon }: { href: string; name: string; icon: LucideIcon }) {
  return (
    <a href={href} target="_blank" rel="noreferrer" className={itemStyles}>
      <Icon aria-hidden className="size-4 shrink-0" />
      {name}
      <ArrowUpRight aria-hidden className="ml-auto size-3.5" />
    </a>
  );
}
