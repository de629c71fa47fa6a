import type { Role } from "@tidings/shared/roles";

/** What each role is for, in a sentence. What it may do exactly is in `roles` of shared. */
export const roleWords: Readonly<Record<Role, string>> = {
  owner: "Everything, also making other owners and erasing the tenant.",
  admin: "Everything but making owners and erasing the tenant.",
  developer: "Builds with it: keys, templates, providers, webhooks, all messages.",
  support: "Answers people: finds messages, resends them, mends recipients and suppressions.",
  billing: "Pays for it: plan, invoices and usage, no messages.",
  viewer: "Looks at messages and settings of sending, without what messages said.",
};

/** A role as people read it. */
export const roleName = (role: Role): string => role.charAt(0).toUpperCase() + role.slice(1);
