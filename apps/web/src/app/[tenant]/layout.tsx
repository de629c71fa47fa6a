import { cookies } from "next/headers";
import { notFound } from "next/navigation";
import { env } from "../../env";
import { requireMe } from "../../server/pages/require-me";
import { Frame } from "../../shell/frame";
import { modeCookie, modeOf } from "../../shell/mode";
import { TenantProvider } from "../../shell/tenant-context";
import { caller } from "../../trpc/server";

/** Everything of one tenant: who is neither of its team nor an operator on a visit finds nothing here. */
export default async function TenantLayout({ params, children }: LayoutProps<"/[tenant]">) {
  const { tenant: slug } = await params;
  const me = await requireMe();
  const own = me.tenants.find((one) => one.slug === slug);
  const tenant = own ?? (me.mayOperate ? await (await caller()).tenants.visit({ slug }) : null);
  if (!tenant) notFound();
  const jar = await cookies();
  const { API_URL, MAILBOX_URL } = env();
  const { name, email, isVerified, isOperator, mayFoundTenants } = me;
  const place = {
    slug,
    name: tenant.name,
    plan: tenant.plan,
    role: tenant.role,
    visit: tenant.visit ? { reason: tenant.visit.reason, until: tenant.visit.until.toISOString() } : null,
    mode: modeOf(jar.get(modeCookie)?.value),
    apiUrl: API_URL,
    mailboxUrl: MAILBOX_URL ?? null,
    person: { name, email, isVerified, isOperator, mayFoundTenants },
    tenants: me.tenants.map(({ slug, name, role }) => ({ slug, name, role })),
  };
  return (
    <TenantProvider place={place}>
      <Frame>{children}</Frame>
    </TenantProvider>
  );
}
