import type { Metadata } from "next";
import { Allowed } from "../../../../shell/tenant-context";
import { EraseTenant } from "./erase-tenant";

export const metadata: Metadata = { title: "Erase the tenant" };

/** The end of a tenant. */
export default function DangerPage() {
  return (
    <Allowed action="tenant.delete" to="erase the tenant">
      <EraseTenant />
    </Allowed>
  );
}
