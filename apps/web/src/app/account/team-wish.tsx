import { ButtonLink } from "../../ui/button";
import { Callout } from "../../ui/callout";

interface TeamWishProps {
  /** The tenant one came from. */
  tenant: string | null;
  /** Whether it asks its team for a second factor, or one only wants to ask the team. */
  isAsking: boolean;
  /** Where one wanted to go. */
  next: string;
  /** Whether one has a second factor by now. */
  isMet: boolean;
}

/** Why somebody was led here to set up a second factor; and the way on once there is one. */
export function TeamWish({ tenant, isAsking, next, isMet }: TeamWishProps) {
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
  return (
    <Callout
      tone={isAsking ? "warn" : "info"}
      title={isAsking ? `${tenant} asks its team for a second factor` : "Set up your second factor"}
    >
      It takes a minute and an authenticator app. Then you can go on.
    </Callout>
  );
}
