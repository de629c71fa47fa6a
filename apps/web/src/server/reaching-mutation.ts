import type { Mode } from "@tidings/shared/modes";
import type { Action } from "@tidings/shared/roles";
import type { SignedIn } from "./context";
import { denied, tenantMutation } from "./trpc";

/**
 * A `tenantMutation` that writes to others, or makes what may: only for who has confirmed an address of their own, so that
 * nobody writes to the world without a name. Test mode needs none, it ends in the sandbox.
 * @param reaching the modes in which others are reached
 */
export function reachingMutation(action: Action, event: string, reaching: readonly Mode[] = ["live"]) {
  return tenantMutation(action, event).use(({ ctx, next }) => {
    if (reaching.includes(ctx.owner.mode)) requireConfirmed(ctx.session);
    return next();
  });
}

/**
 * For what only the handler can tell to reach others.
 * @throws {TRPCError} FORBIDDEN, `address_unconfirmed`
 */
export function requireConfirmed({ user: { email, emailVerified } }: SignedIn): void {
  if (emailVerified) return;
  const message = `This reaches people, so confirm your address first: open the link we sent to ${email}.`;
  throw denied("address_unconfirmed", message);
}
