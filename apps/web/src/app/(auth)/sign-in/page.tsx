import type { Metadata } from "next";
import { safePath } from "../../../server/pages/safe-path";
import { singleSignOnName } from "../../../server/pages/single-sign-on-name";
import { Callout } from "../../../ui/callout";
import { TextLink } from "../../../ui/text-link";
import { AuthHeading } from "../auth-heading";
import { SingleSignOn } from "../single-sign-on";
import { SignInForm } from "./sign-in-form";

export const metadata: Metadata = { title: "Sign in" };

/** Who are you. */
export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const { next, error } = await searchParams;
  const path = safePath(next);
  return (
    <>
      <AuthHeading title="Sign in" />
      {error && (
        <Callout tone="bad" title="Single sign-on did not work" className="mb-5">
          Try again, or sign in with your password.
        </Callout>
      )}
      <SignInForm next={path} />
      <SingleSignOn name={singleSignOnName()} next={path} />
      <p className="mt-6 text-center text-ink-muted text-sm">
        New here? <TextLink href="/sign-up">Create an account</TextLink>
      </p>
    </>
  );
}
