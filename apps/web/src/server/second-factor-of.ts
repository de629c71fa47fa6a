import type { SecondFactorFacts } from "@tidings/core/team/second-factor-step";
import { hasSecondFactor } from "./auth/second-factor";
import type { SignedIn } from "./context";

/** What the person of a session has of a second factor. */
export function secondFactorOf(session: SignedIn): SecondFactorFacts {
  return { hasTwoFactor: session.user.twoFactorEnabled === true, gaveSecondFactor: hasSecondFactor(session) };
}
