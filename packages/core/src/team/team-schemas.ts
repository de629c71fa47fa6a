import { email } from "@tidings/channels/channels/email";
import { type Role, roles } from "@tidings/shared/roles";
import { isStorable } from "@tidings/shared/text";
import { z } from "zod";

export const roleSchema = z.enum(roles as [Role, ...Role[]]);

/** The address somebody signs in with, in lower case. */
export const signInAddress = email.addressField.schema.transform((address) => address.toLowerCase());

/** Whom to invite, and as what. */
export const inviteBody = z.strictObject({ email: signInAddress, role: roleSchema });
export type InviteBody = z.output<typeof inviteBody>;

/** A person whom the operator makes. */
export const createUserBody = z.strictObject({
  email: signInAddress,
  name: z.string().trim().min(1).max(100).refine(isStorable, "must be text that can be stored"),
  /** Whether they run the platform. */
  operator: z.boolean().default(false),
  /** In the tenant they are in from the start, when there is one. */
  role: roleSchema.default("owner"),
});
export type CreateUserBody = z.output<typeof createUserBody>;

/** Somebody of a team. */
export interface PublicMember {
  id: string;
  userId: string;
  name: string;
  email: string;
  role: Role;
  hasTwoFactor: boolean;
  joinedAt: string;
}

/** Somebody who was invited and has not answered. */
export interface PublicInvitation {
  id: string;
  email: string;
  role: Role;
  invitedBy: string;
  expiresAt: string;
}
