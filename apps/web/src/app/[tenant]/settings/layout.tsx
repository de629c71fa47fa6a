import type { ReactNode } from "react";
import { PageHeader } from "../../../ui/page-header";
import { SettingsTabs } from "./settings-tabs";

/** Around every page of a tenant's settings. */
export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <PageHeader title="Settings" description="What holds for the whole tenant, in both modes." />
      <SettingsTabs />
      <div className="pt-6">{children}</div>
    </>
  );
}
