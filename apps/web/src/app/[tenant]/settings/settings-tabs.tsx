"use client";

import type { Action } from "@tidings/shared/roles";
import { useTenant } from "../../../shell/tenant-context";
import { LinkTabs } from "../../../ui/tabs";

const tabs: readonly { path: string; label: string; action: Action; exact?: boolean }[] = [
  { path: "settings", label: "General", action: "settings.read", exact: true },
  { path: "settings/team", label: "Team", action: "team.read" },
  { path: "settings/security", label: "Security", action: "team.write" },
  { path: "settings/limits", label: "Limits", action: "settings.read" },
  { path: "settings/retention", label: "Retention", action: "settings.read" },
  { path: "settings/categories", label: "Categories", action: "settings.read" },
  { path: "settings/audit", label: "Audit log", action: "audit.read" },
  { path: "settings/danger", label: "Erase", action: "tenant.delete" },
];

/** The pages of the settings that the role may see. */
export function SettingsTabs() {
  const { can, href } = useTenant();
  return (
    <LinkTabs
      label="Settings"
      className="max-sm:mask-r-from-[calc(100%-2.5rem)] max-sm:pr-10"
      tabs={tabs
        .filter(({ action }) => can(action))
        .map(({ path, label, exact }) => ({ href: href(path), label, ...(exact && { exact }) }))}
    />
  );
}
