"use client";

import { ButtonLink } from "../../ui/button";
import { Callout } from "../../ui/callout";
import { SecondFactorForm } from "../(auth)/sign-in/second-factor-form";

interface TeamWishProps {
  /** The tenant one came from. */
  tenant: string | null;
  /** Whether it asks its team for a second factor, or one only wants to ask the team. */
  isAsking: boolean;
  /** Where one wanted to go. */
  next: string;
  /** Whether one has a second factor by now, though single sign-on may not have asked for it. */
  isSetUp: boolean;
  /** Whether it was given in this session. */
  isMet: boolean;
}

/** Why somebody was led here to set up a second factor; and the way on once there is one. */
export function TeamWish({ tenant, isAsking, next, isSetUp, isMet }: TeamWishProps) {
  if (isMet)
    return (
      <Callout
        tone="good"
        title="Your second factor is set up"
        action={
          <ButtonLink href={next} variant="primary" size="sm">
            Go on
          </ButtonLink>
        }
      >
        You can go on to {tenant ?? "where you wanted to go"}.
      </Callout>
    );
  if (isSetUp)
    return (
      <Callout tone="warn" title={tenant ? `${tenant} asks for your second factor` : "Give your second factor"}>
        <div className="mt-3 max-w-sm">
          <SecondFactorForm mayTrust={false} onDone={() => window.location.assign(next)} />
        </div>
      </Callout>
    );
  return (
    <Callout
      tone={isAsking ? "warn" : "info"}
      title={isAsking ? `${tenant} asks its team for a second factor` : "Set up your second factor"}
    >
      It takes a minute and an authenticator app. Then you can go on.
    </Callout>
  );
}
