import { createHash, randomBytes } from "node:crypto";
import { createKey } from "@tidings/core/keys/create-key";
import type { SecretHasher } from "@tidings/core/keys/secret-hasher";
import type { Database } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { uuidOfThen } from "./uuid-of-then";

const dayMs = 86_400_000;
const browsers = [
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
  "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
];

/** People without a password: nobody can sign in as one. */
const people = [
  { name: "Maren Petersen", mailbox: "maren", role: "owner", hasTwoFactor: true, joinedDaysAgo: 60 },
  { name: "Kwame Mensah", mailbox: "kwame", role: "developer", hasTwoFactor: true, joinedDaysAgo: 58 },
  { name: "Siobhán Ó Conaill", mailbox: "siobhan", role: "support", hasTwoFactor: false, joinedDaysAgo: 41 },
  { name: "Ирина Соколова", mailbox: "irina", role: "billing", hasTwoFactor: false, joinedDaysAgo: 19 },
  { name: "ليلى حداد", mailbox: "layla", role: "viewer", hasTwoFactor: true, joinedDaysAgo: 4 },
] as const;

type Mailbox = (typeof people)[number]["mailbox"];
type Deed = [
  daysAgo: number,
  who: Mailbox,
  action: string,
  target: string | null,
  before: object | null,
  after: object | null,
];

/** What the team did: how long ago, who, what, to what, and the change. */
const deeds: readonly Deed[] = [
  [59.9, "maren", "provider.created", "SES Frankfurt", null, { provider: "ses", channels: ["email"], weight: 100 }],
  [59.8, "maren", "key.created", "Backend, live", null, { mode: "live", scopes: ["send", "read", "manage"] }],
  [58.9, "maren", "member.invited", "kwame", null, { role: "developer" }],
  [57.2, "kwame", "template.created", "order_shipped", null, { name: "Order shipped" }],
  [57.1, "kwame", "template.published", "order_shipped", null, { version: 1 }],
  [44.5, "kwame", "endpoint.created", "https://api.example.com/tidings", null, { events: ["delivery.failed"] }],
  [
    44.3,
    "kwame",
    "endpoint.updated",
    "https://api.example.com/tidings",
    { events: ["delivery.failed"] },
    { events: ["delivery.failed", "delivery.bounced"] },
  ],
  [41.3, "maren", "member.invited", "siobhan", null, { role: "viewer" }],
  [40.8, "maren", "member.role_changed", "siobhan", { role: "viewer" }, { role: "support" }],
  [30.4, "kwame", "provider.created", "Our mail server, as a spare", null, { provider: "smtp", channels: ["email"] }],
  [30.3, "kwame", "providers.ordered", null, null, { tiers: [["SES Frankfurt"], ["Our mail server, as a spare"]] }],
  [22.6, "siobhan", "suppression.lifted", "mia.jansen@example.com", { reason: "bounced" }, null],
  [19.2, "maren", "settings.changed", null, { tracksClicks: false }, { tracksClicks: true }],
  [12.7, "kwame", "key.revoked", "Old backend", null, null],
  [9.1, "siobhan", "message.resent", "kentaro.hasegawa@example.com", null, null],
  [3.2, "kwame", "template.published", "order_shipped", { version: 1 }, { version: 2 }],
  [1.4, "kwame", "limits.channel_set", "sms", null, { perSecond: 20, burst: 40 }],
  [0.3, "siobhan", "person.erased", "usr_1042", null, { messages: 14, devices: 1 }],
];

/** What surrounds a tenant's messages: a team, keys, a log of who changed what, and the dates all that has. */
export async function seedOffice(
  { database, hasher }: { database: Database; hasher: SecretHasher },
  { id: tenantId, slug }: { id: string; slug: string },
  { days, until }: { days: number; until: Date },
): Promise<void> {
  const ago = (daysAgo: number) => new Date(until.getTime() - daysAgo * dayMs);
  const addressOf = (mailbox: string) => `${mailbox}@${slug}.example`;
  const staff = people.map((person) => ({ ...person, id: newUuid(), email: addressOf(person.mailbox) }));
  await database.user.createMany({
    data: staff.map(({ id, name, email, hasTwoFactor, joinedDaysAgo }) => ({
      ...{ id, name, email, emailVerified: true, twoFactorEnabled: hasTwoFactor, createdAt: ago(joinedDaysAgo) },
    })),
  });
  await database.member.updateMany({ where: { tenantId }, data: { createdAt: ago(days) } }); // who was let in already
  await database.member.createMany({
    data: staff.map(({ id, role, joinedDaysAgo }) => ({
      ...{ id: newUuid(), tenantId, userId: id, role, createdAt: ago(joinedDaysAgo) },
    })),
  });
  const inviterId = staff[0]?.id ?? "";
  const tokenHash = createHash("sha256").update(randomBytes(32)).digest("base64url");
  await database.invitation.create({
    data: {
      ...{ id: newUuid(), tenantId, tokenHash, inviterId, email: addressOf("tomasz.kowalczyk"), role: "developer" },
      ...{ createdAt: ago(1.2), expiresAt: ago(1.2 - 7) },
    },
  });
  await storeKeys({ database, hasher }, tenantId, ago);
  await dateBack(database, tenantId, ago(days), ago(3.2));
  await database.auditEntry.createMany({
    data: deeds.map(([daysAgo, who, action, target, before, after], index) => ({
      ...{ id: uuidOfThen(ago(daysAgo).getTime()), tenantId, createdAt: ago(daysAgo), action },
      ...{ userId: staff.find(({ mailbox }) => mailbox === who)?.id ?? null, actor: addressOf(who) },
      target: people.some(({ mailbox }) => mailbox === target) ? addressOf(target ?? "") : target,
      ...(before && { before }),
      ...(after && { after }),
      ...{ ipAddress: `203.0.113.${20 + (index % 3)}`, userAgent: browsers[index % 2] ?? null },
      requestId: `req_${randomBytes(12).toString("hex")}`,
    })),
  });
}

async function storeKeys(
  deps: { database: Database; hasher: SecretHasher },
  tenantId: string,
  ago: (daysAgo: number) => Date,
): Promise<void> {
  const used = (name: string, dates: { createdAt: Date; lastUsedAt: Date; revokedAt?: Date }) =>
    deps.database.apiKey.updateMany({ where: { tenantId, name }, data: dates });
  await createKey(deps, tenantId, { name: "Data warehouse", mode: "live", scopes: ["read"], expiresAt: ago(-30) });
  await createKey(deps, tenantId, { name: "Old backend", mode: "live", scopes: ["send"] });
  await used("Backend, live", { createdAt: ago(59.8), lastUsedAt: ago(0.001) });
  await used("Backend, test", { createdAt: ago(59.8), lastUsedAt: ago(2.3) });
  await used("Data warehouse", { createdAt: ago(60 - 1), lastUsedAt: ago(0.22) });
  await used("Old backend", { createdAt: ago(59.9), lastUsedAt: ago(13), revokedAt: ago(12.7) });
}

/** What the tenant began with is as old as its history; what was published last is of then. */
async function dateBack(database: Database, tenantId: string, began: Date, published: Date): Promise<void> {
  await database.$transaction([
    database.$executeRaw`UPDATE tenant SET created_at = ${began} WHERE id = ${tenantId}::uuid`,
    database.$executeRaw`UPDATE category SET created_at = ${began} WHERE tenant_id = ${tenantId}::uuid`,
    database.$executeRaw`
      UPDATE provider_account SET created_at = ${began}, updated_at = ${began} WHERE tenant_id = ${tenantId}::uuid`,
    database.$executeRaw`
      UPDATE endpoint SET created_at = ${began}, updated_at = ${began} WHERE tenant_id = ${tenantId}::uuid`,
    database.$executeRaw`
      UPDATE template_version SET published_at = CASE version WHEN 1 THEN ${began}::timestamptz ELSE ${published}::timestamptz END
      WHERE tenant_id = ${tenantId}::uuid`,
    database.$executeRaw`
      UPDATE template SET created_at = ${began}, updated_at =
        (SELECT max(v.published_at) FROM template_version AS v WHERE v.template_id = template.id)
      WHERE tenant_id = ${tenantId}::uuid`,
  ]);
}
