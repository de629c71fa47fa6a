import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { env } from "../../../env";
import { safePath } from "../../../server/pages/safe-path";
import { singleSignOnName } from "../../../server/pages/single-sign-on-name";
import { caller } from "../../../trpc/server";
import { TextLink } from "../../../ui/text-link";
import { AuthHeading } from "../auth-heading";
import { SingleSignOn } from "../single-sign-on";
import { SignUpForm } from "./sign-up-form";

export const metadata: Metadata = { title: "Sign up" };

/** Who are you, for the first time: makes an account, and a tenant unless somebody invited one to theirs. */
export default async function SignUpPage({ searchParams }: PageProps<"/sign-up">) {
  const { invitation: token } = await searchParams;
  const invitation = typeof token === "string" ? await (await caller()).account.invitation({ token }) : null;
  if (typeof token === "string" && !invitation) redirect(`/invite/${encodeURIComponent(token)}`);
  const isClosed = env().SIGN_UP === "invited" && !invitation;
  const next = safePath(invitation ? `/invite/${token}` : "/start");
  return (
    <>
      <AuthHeading title={invitation ? `Join ${invitation.tenant}` : "Create your account"}>
        {isClosed
          ? "Here, only people who were invited can sign up. Ask somebody of your team to invite you."
          : "No card, nothing to set up: the first test message takes a minute."}
      </AuthHeading>
      {!isClosed && <SignUpForm invitation={invitation && { token: String(token), email: invitation.email }} />}
      <SingleSignOn name={singleSignOnName()} next={next} />
      <p className="mt-6 text-center text-ink-muted text-sm">
        Have an account? <TextLink href={`/sign-in?next=${encodeURIComponent(next)}`}>Sign in</TextLink>
      </p>
    </>
  );
}
