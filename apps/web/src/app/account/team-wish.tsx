import { ButtonLink } from "../../ui/button";
import { Callout } from "../../ui/callout";

/** Why somebody was led here: a team asks for a second factor; and the way on once there is one. */
export function TeamWish({ tenant, next, isMet }: { tenant: string | null; next: string; isMet: boolean }) {
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
    <Callout tone="warn" title={`${tenant ?? "Your team"} asks its team for a second factor`}>
      Set it up below; it takes a minute and an authenticator app. Then you can go on.
    </Callout>
  );
}
