/**
 * What a team's member may do in a tenant's console, each as area and verb. The server's procedures and the browser's
 * buttons ask the same table.
 */
export const roleActions = {
  owner: "all",
  admin: { allBut: ["tenant.delete", "team.owners"] },
  developer: [
    "messages.read",
    "messages.content",
    "messages.send",
    "templates.read",
    "templates.write",
    "recipients.read",
    "recipients.write",
    "providers.read",
    "providers.write",
    "webhooks.read",
    "webhooks.write",
    "suppressions.read",
    "suppressions.write",
    "keys.read",
    "keys.write",
    "usage.read",
    "team.read",
    "settings.read",
    "audit.read",
  ],
  support: [
    "messages.read",
    "messages.content",
    "messages.send",
    "templates.read",
    "recipients.read",
    "recipients.write",
    "providers.read",
    "webhooks.read",
    "suppressions.read",
    "suppressions.write",
    "usage.read",
    "team.read",
  ],
  billing: ["usage.read", "billing.read", "billing.write", "team.read", "settings.read"],
  viewer: [
    "messages.read",
    "templates.read",
    "recipients.read",
    "providers.read",
    "webhooks.read",
    "suppressions.read",
    "usage.read",
    "team.read",
  ],
} as const satisfies Record<string, "all" | { allBut: readonly Action[] } | readonly Action[]>;

/** Everything that can be done, and what it means to people. */
export const actions = {
  "messages.read": "See messages and what happened to them",
  "messages.content": "Read what a message said",
  "messages.send": "Send tests, resend and cancel messages",
  "templates.read": "See templates",
  "templates.write": "Edit, publish and roll back templates",
  "recipients.read": "See recipients",
  "recipients.write": "Add and change recipients",
  "recipients.erase": "Export and erase a person's data",
  "providers.read": "See provider accounts and their health",
  "providers.write": "Add, change, test and remove provider accounts",
  "webhooks.read": "See webhook endpoints and their reports",
  "webhooks.write": "Add and change endpoints, redeliver reports, see and rotate secrets",
  "suppressions.read": "See suppressed addresses",
  "suppressions.write": "Add, import and lift suppressions",
  "keys.read": "See API keys",
  "keys.write": "Make and revoke API keys",
  "usage.read": "See usage and quotas",
  "billing.read": "See plan and invoices",
  "billing.write": "Change plan and payment",
  "team.read": "See the team",
  "team.write": "Invite, remove and change members",
  "team.owners": "Make and remove owners",
  "settings.read": "See settings",
  "settings.write": "Change settings and limits",
  "audit.read": "Read and export the audit log",
  "tenant.delete": "Erase the tenant",
} as const;
export type Action = keyof typeof actions;
export type Role = keyof typeof roleActions;

/** Every role, the mightiest first. */
export const roles = Object.keys(roleActions) as Role[];

/** Whether a role allows an action. */
export function can(role: Role, action: Action): boolean {
  const allowed: "all" | { allBut: readonly Action[] } | readonly Action[] = roleActions[role];
  if (allowed === "all") return true;
  return "allBut" in allowed ? !allowed.allBut.includes(action) : allowed.includes(action);
}

/** Whether a role allows to give, change or take away another: an owner's is only for who may make owners. */
export function mayGive(caller: Role, touched: Role): boolean {
  return can(caller, "team.write") && (touched !== "owner" || can(caller, "team.owners"));
}

/** What an operator who visits a tenant may do beyond its role: changing anything is not among it. */
const visitorsExtra: ReadonlySet<Action> = new Set(["messages.content"]);

/** Whether somebody's place in a tenant allows an action: their role does, or they visit and it is a visitor's. */
export function may({ role, visit }: { role: Role; visit?: unknown }, action: Action): boolean {
  return can(role, action) || (Boolean(visit) && visitorsExtra.has(action));
}
