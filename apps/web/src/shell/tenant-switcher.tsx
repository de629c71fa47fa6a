"use client";

import { ChevronsUpDown, Plus } from "lucide-react";
import { Menu, MenuGroup, MenuLink, MenuSeparator } from "../ui/menu";
import { useTenant } from "./tenant-context";

/** Which tenant this is, and the way to one's others. */
export function TenantSwitcher() {
  const { name, slug, role, visit, tenants, person } = useTenant();
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`Tenant: ${name}. Switch`}
          className="flex w-full cursor-pointer items-center gap-2 rounded-md border border-line bg-surface px-2 py-1.5 text-left hover:bg-sunken"
        >
          <span
            aria-hidden
            className="flex size-6 shrink-0 items-center justify-center rounded-sm bg-ink font-semibold text-canvas text-xs"
          >
            {[...name][0]?.toUpperCase()}
          </span>
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium text-sm">{name}</span>
            <span className="block truncate text-ink-muted text-xs first-letter:uppercase">
              {visit ? "support visit" : role}
            </span>
          </span>
          <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-ink-muted" />
        </button>
      }
    >
      <MenuGroup label="Your tenants">
        {tenants.map((tenant) => (
          <MenuLink key={tenant.slug} href={`/${tenant.slug}`}>
            {tenant.name}
            {tenant.slug === slug && <span className="text-ink-muted"> · here</span>}
          </MenuLink>
        ))}
      </MenuGroup>
      {person.mayFoundTenants && (
        <>
          <MenuSeparator />
          <MenuLink href="/new" icon={<Plus aria-hidden />}>
            New tenant
          </MenuLink>
        </>
      )}
    </Menu>
  );
}
