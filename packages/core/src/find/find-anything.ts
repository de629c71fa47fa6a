import type { Database } from "@tidings/db/client";
import { type IdKind, publicId, uuidOf } from "@tidings/shared/ids";
import { type Action, can, type Role } from "@tidings/shared/roles";
import { listNotifications } from "../notifications/list-notifications";
import type { Owner } from "../owner";

/** Something of a tenant that has the name somebody looked for. */
export interface Found {
  kind: "message" | "template" | "recipient" | "account" | "endpoint" | "key";
  id: string;
  title: string;
  /** What it is, in a few words. */
  detail: string;
  /** Where the console shows it, after the tenant's slug. */
  path: string;
}

/** Most of each kind. */
const most = 5;

type Finder = (database: Database, owner: Owner, text: string) => Promise<Found[]>;

const finders: readonly (readonly [Action, Finder])[] = [
  ["messages.read", findMessages],
  ["templates.read", findTemplates],
  ["recipients.read", findRecipients],
  ["providers.read", findAccounts],
  ["webhooks.read", findEndpoints],
  ["keys.read", findKeys],
];

/**
 * What a tenant has of a name: an id, a key, an address, or words of a name. Messages only by what is exactly theirs.
 * @param role what it may not see is not found
 */
export async function findAnything(database: Database, owner: Owner, role: Role, text: string): Promise<Found[]> {
  const allowed = finders.filter(([action]) => can(role, action));
  const found = await Promise.all(allowed.map(([, find]) => find(database, owner, text)));
  return found.flat();
}

const contains = (text: string) => ({ contains: text, mode: "insensitive" as const });

/** The uuid a text may be of a kind, as a condition that holds for nothing otherwise. */
function idIs(kind: IdKind, text: string) {
  const uuid = uuidOf(kind, text);
  return uuid ? [{ id: uuid }] : [];
}

async function findMessages(database: Database, owner: Owner, text: string): Promise<Found[]> {
  const { rows } = await listNotifications(database, owner, { q: text }, { limit: most });
  return rows.map(({ id, status, templateKey, subject, address, recipientId }) => ({
    kind: "message",
    id: publicId("notification", id),
    title: subject ?? templateKey ?? publicId("notification", id),
    detail: [status.toLowerCase(), recipientId ?? address].filter(Boolean).join(" · "),
    path: `messages/${publicId("notification", id)}`,
  }));
}

async function findTemplates(database: Database, { tenantId }: Owner, text: string): Promise<Found[]> {
  const OR = [{ key: contains(text) }, { name: contains(text) }, ...idIs("template", text)];
  const rows = await database.template.findMany({ where: { tenantId, OR }, take: most, orderBy: { key: "asc" } });
  return rows.map(({ id, key, name }) => ({
    kind: "template",
    id: publicId("template", id),
    title: name,
    detail: `template · ${key}`,
    path: `templates/${key}`,
  }));
}

async function findRecipients(database: Database, { tenantId }: Owner, text: string): Promise<Found[]> {
  const rows = await database.recipient.findMany({
    where: { tenantId, id: { startsWith: text } },
    take: most,
    orderBy: { id: "asc" },
  });
  return rows.map(({ id }) => ({
    kind: "recipient",
    id,
    title: id,
    detail: "recipient",
    path: `recipients/${encodeURIComponent(id)}`,
  }));
}

async function findAccounts(database: Database, { tenantId }: Owner, text: string): Promise<Found[]> {
  const OR = [{ name: contains(text) }, { provider: contains(text) }, ...idIs("account", text)];
  const rows = await database.providerAccount.findMany({ where: { tenantId, OR }, take: most });
  return rows.map(({ id, name, provider }) => ({
    kind: "account",
    id: publicId("account", id),
    title: name,
    detail: `provider account · ${provider}`,
    path: `providers/${publicId("account", id)}`,
  }));
}

async function findEndpoints(database: Database, { tenantId, mode }: Owner, text: string): Promise<Found[]> {
  const OR = [{ url: contains(text) }, { description: contains(text) }, ...idIs("endpoint", text)];
  const rows = await database.endpoint.findMany({ where: { tenantId, mode, OR }, take: most });
  return rows.map(({ id, url }) => ({
    kind: "endpoint",
    id: publicId("endpoint", id),
    title: url,
    detail: "webhook endpoint",
    path: `webhooks/${publicId("endpoint", id)}`,
  }));
}

async function findKeys(database: Database, { tenantId }: Owner, text: string): Promise<Found[]> {
  const OR = [{ name: contains(text) }, { keyId: text }, ...idIs("key", text)];
  const rows = await database.apiKey.findMany({ where: { tenantId, OR }, take: most });
  return rows.map(({ id, name, mode }) => ({
    kind: "key",
    id: publicId("key", id),
    title: name,
    detail: `API key · ${mode}`,
    path: "keys",
  }));
}
