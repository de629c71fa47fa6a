import type { Metadata } from "next";
import { headers } from "next/headers";
import { auth } from "../../server/auth/auth";
import { requireMe } from "../../server/pages/require-me";
import { safePath } from "../../server/pages/safe-path";
import { getQueryClient, HydrateClient, trpc } from "../../trpc/server";
import { PageHeader } from "../../ui/page-header";
import { Password } from "./password";
import { Profile } from "./profile";
import { Sessions } from "./sessions";
import { TeamWish } from "./team-wish";
import { Tenants } from "./tenants";
import { TwoFactor } from "./two-factor";

export const metadata: Metadata = { title: "Your account" };

/** Who one is here, how one signs in, and where. */
export default async function AccountPage({ searchParams }: PageProps<"/account">) {
  const [me, { needs, next }, logins] = await Promise.all([
    requireMe(),
    searchParams,
    headers().then((headers) => auth().api.listUserAccounts({ headers })),
  ]);
  await getQueryClient().prefetchQuery(trpc.sessions.list.queryOptions());
  const hasPassword = logins.some(({ providerId }) => providerId === "credential");
  const path = safePath(next);
  const from = me.tenants.find(({ slug }) => path === `/${slug}` || path.startsWith(`/${slug}/`));
  const asking = me.tenants.filter(({ requiresTwoFactor }) => requiresTwoFactor);
  return (
    <HydrateClient>
      <PageHeader title="Your account" description="The same in every tenant you are in." />
      <div className="space-y-8">
        {(needs === "two-factor" || (me.hasTwoFactor && !me.gaveSecondFactor)) && (
          <TeamWish
            tenant={from?.name ?? null}
            isAsking={from?.requiresTwoFactor ?? false}
            next={path}
            isSetUp={me.hasTwoFactor}
            isMet={me.gaveSecondFactor}
          />
        )}
        <Profile name={me.name} email={me.email} isVerified={me.isVerified} />
        <Password hasPassword={hasPassword} />
        <TwoFactor
          isOn={me.hasTwoFactor}
          hasPassword={hasPassword}
          asking={asking.map(({ name }) => name)}
          opened={needs === "two-factor" && !me.hasTwoFactor && hasPassword}
        />
        <Sessions />
        <Tenants
          tenants={me.tenants.map(({ slug, name, role }) => ({ slug, name, role }))}
          mayFound={me.mayFoundTenants}
        />
      </div>
    </HydrateClient>
  );
}
