import type { Role } from "@tidings/shared/roles";

/** What roles are called. */
export const roleNames: Readonly<Record<Role, string>> = {
  owner: "Owner",
  admin: "Admin",
  developer: "Developer",
  support: "Support",
  billing: "Billing",
  viewer: "Viewer",
};
