import type { Metadata } from "next";
import { requireMe } from "../../../server/pages/require-me";
import { TextLink } from "../../../ui/text-link";
import { AuthHeading } from "../auth-heading";
import { FoundForm } from "./found-form";

export const metadata: Metadata = { title: "New tenant" };

/** One more tenant, or the first of somebody who has none. */
export default async function NewTenantPage() {
  const { tenants, mayFoundTenants } = await requireMe();
  return (
    <>
      <AuthHeading title={tenants.length > 0 ? "A new tenant" : "Name your tenant"}>
        {mayFoundTenants
          ? "A company, product or team of its own: its keys, templates, messages and people are apart from all others."
          : "Here only the operator makes tenants: ask for one, or for an invitation to a team."}
      </AuthHeading>
      {mayFoundTenants && <FoundForm />}
      {tenants.length > 0 && (
        <p className="mt-6 text-center text-ink-muted text-sm">
          Not now? <TextLink href="/start">Back to your tenants</TextLink>
        </p>
      )}
    </>
  );
}
