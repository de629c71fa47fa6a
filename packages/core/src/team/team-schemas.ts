import { email } from "@tidings/channels/channels/email";
import { type Role, roles } from "@tidings/shared/roles";
import { headerText, isStorable } from "@tidings/shared/text";
import { z } from "zod";

export const roleSchema = z.enum(roles as [Role, ...Role[]]);

/** The address somebody signs in with, in lower case. */
export const signInAddress = email.addressField.schema.transform((address) => address.toLowerCase());

/** Whom to invite, and as what. */
export const inviteBody = z.strictObject({ email: signInAddress, role: roleSchema });
export type InviteBody = z.output<typeof inviteBody>;

/** Characters of a person's name. */
export const maxNameLength = 100;

/** What a person is called: it stands in the subject of mails. */
export const personName = headerText(maxNameLength).refine(isStorable, "must be text that can be stored");

/** A person whom the operator makes. */
export const createUserBody = z.strictObject({
  email: signInAddress,
  name: personName.trim().min(1),
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
