import type { Metadata } from "next";
import { TextLink } from "../../../ui/text-link";
import { AuthHeading } from "../auth-heading";
import { AskForLink } from "./ask-for-link";
import { ChoosePassword } from "./choose-password";

export const metadata: Metadata = { title: "New password" };

/** A new password: first a link by mail, then, from there, the password itself. */
export default async function ResetPage({ searchParams }: PageProps<"/reset">) {
  const { token, error } = await searchParams;
  if (typeof token === "string") {
    return (
      <>
        <AuthHeading title="Choose a new password">You will be signed out everywhere else.</AuthHeading>
        <ChoosePassword token={token} />
      </>
    );
  }
  return (
    <>
      <AuthHeading title="Forgot your password?">
        {error
          ? "That link was used already, or is too old. Ask for a new one."
          : "We send you a link to choose another."}
      </AuthHeading>
      <AskForLink />
      <p className="mt-6 text-center text-ink-muted text-sm">
        Remember it? <TextLink href="/sign-in">Sign in</TextLink>
      </p>
    </>
  );
}
