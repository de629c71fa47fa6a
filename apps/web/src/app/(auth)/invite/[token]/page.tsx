import type { Metadata } from "next";
import { roleNames } from "../../../../shell/role-names";
import { caller } from "../../../../trpc/server";
import { ButtonLink } from "../../../../ui/button";
import { AuthHeading } from "../../auth-heading";
import { AcceptInvitation } from "./accept-invitation";
import { SignOutFirst } from "./sign-out-first";

export const metadata: Metadata = { title: "Invitation" };

/** Where the link of an invitation leads: joins the team, signing up or in first. */
export default async function InvitePage({ params }: PageProps<"/invite/[token]">) {
  const { token } = await params;
  const call = await caller();
  const invitation = await call.account.invitation({ token });
  if (!invitation) {
    return (
      <AuthHeading title="This invitation does not work any more">
        It was answered already, taken back, or is older than 7 days. Ask the team for another.
      </AuthHeading>
    );
  }
  const { tenant, email, role, invitedBy } = invitation;
  const signedInAs = await call.account.email();
  const path = `/invite/${encodeURIComponent(token)}`;
  return (
    <>
      <AuthHeading title={`Join ${tenant}`}>
        {invitedBy} invites {email} to the team, as {roleNames[role].toLowerCase()}.
      </AuthHeading>
      {signedInAs === email && <AcceptInvitation token={token} tenant={tenant} />}
      {signedInAs !== null && signedInAs !== email && (
        <SignOutFirst email={email} signedInAs={signedInAs} path={path} />
      )}
      {signedInAs === null && (
        <div className="flex flex-col gap-2">
          <ButtonLink href={`/sign-up?invitation=${encodeURIComponent(token)}`} variant="primary" size="lg">
            Create an account
          </ButtonLink>
          <ButtonLink href={`/sign-in?next=${encodeURIComponent(path)}`} size="lg">
            I have an account
          </ButtonLink>
        </div>
      )}
    </>
  );
}
