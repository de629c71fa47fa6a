import { email } from "@tidings/channels/channels/email";
import { type Role, roles } from "@tidings/shared/roles";
import { z } from "zod";

export const roleSchema = z.enum(roles as [Role, ...Role[]]);

/** Whom to invite, and as what. */
export const inviteBody = z.strictObject({
  email: email.addressField.schema.transform((address) => address.toLowerCase()),
  role: roleSchema,
});
export type InviteBody = z.output<typeof inviteBody>;

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
