import type { Metadata } from "next";
import { ButtonLink } from "../../../ui/button";
import { AuthHeading } from "../auth-heading";

export const metadata: Metadata = { title: "Address confirmed" };

/** Where the link in the first mail leads. */
export default async function VerifyPage({ searchParams }: PageProps<"/verify">) {
  const { error } = await searchParams;
  return (
    <>
      <AuthHeading title={error ? "This link does not work any more" : "Your address is confirmed"}>
        {error
          ? "It was used already, or is too old. The console offers to send another."
          : "Live mode and invitations are open to you now."}
      </AuthHeading>
      <ButtonLink href="/start" variant="primary" size="lg" className="w-full">
        Go to the console
      </ButtonLink>
    </>
  );
}
