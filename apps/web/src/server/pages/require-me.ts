import { TRPCError } from "@trpc/server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { pathHeader } from "../../proxy";
import { caller } from "../../trpc/server";

/** The signed-in person of this request, with their tenants; everybody else is sent to sign in, and back afterwards. */
export const requireMe = cache(async () => {
  const path = (await headers()).get(pathHeader) ?? "/";
  try {
    const me = await (await caller()).account.me();
    const wanting = me.tenants.find(({ slug, requiresTwoFactor }) => requiresTwoFactor && isWithin(path, slug));
    if (wanting && !me.gaveSecondFactor) redirect(`/account?needs=two-factor&next=${encodeURIComponent(path)}`);
    return me;
  } catch (error) {
    if (!(error instanceof TRPCError && error.code === "UNAUTHORIZED")) throw error;
    redirect(`/sign-in?next=${encodeURIComponent(path)}`);
  }
});

const isWithin = (path: string, slug: string) => path === `/${slug}` || path.startsWith(`/${slug}/`);
