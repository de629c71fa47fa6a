import { randomBytes } from "node:crypto";
import { putCategory } from "@tidings/core/categories/put-category";
import { createEndpoint } from "@tidings/core/endpoints/create-endpoint";
import { generateEndpointSecret } from "@tidings/core/endpoints/endpoint-secret";
import { createKey } from "@tidings/core/keys/create-key";
import type { SecretHasher } from "@tidings/core/keys/secret-hasher";
import { sealConfig } from "@tidings/core/providers/settings/account-config";
import type { Sealer } from "@tidings/core/secrets/sealer";
import { createTemplate } from "@tidings/core/templates/create-template";
import { publishTemplate } from "@tidings/core/templates/publish-template";
import { updateTemplate } from "@tidings/core/templates/update-template";
import { createTenant } from "@tidings/core/tenants/create-tenant";
import type { Database } from "@tidings/db/client";
import type { SeedAccount, SeedEndpoint, SeedHistory, SeedMessage } from "@tidings/db/seed/seed-plan";
import { newUuid } from "@tidings/shared/ids";
import { scopes } from "@tidings/shared/scopes";
import { demoPerson } from "../demo/demo-tenant";
import { seedEndings, seedIncidents } from "./seed-endings";
import { seedOffice } from "./seed-office";
import { seedCultures } from "./seed-people";
import { seedDirect, seedTemplates } from "./seed-templates";
import type { SeedTenant } from "./seed-tenants";

export interface PrepareTenantDeps {
  database: Database;
  hasher: SecretHasher;
  sealer: Sealer;
}

/** Accounts with a share of their channel. Their credentials are nobody's. */
const accounts = [
  {
    name: "SES Frankfurt",
    provider: "ses",
    channels: ["email"],
    weight: 80,
    rank: 0,
    idSuffix: "@email.amazonses.com",
  },
  { name: "Our mail server, as a spare", provider: "smtp", channels: ["email"], weight: 20, rank: 1 },
  { name: "Twilio", provider: "twilio", channels: ["sms"], weight: 100, rank: 0, idPrefix: "SM" },
  {
    name: "WhatsApp Business",
    provider: "whatsapp-cloud",
    channels: ["whatsapp"],
    weight: 100,
    rank: 0,
    idPrefix: "wamid.",
  },
  { name: "Firebase", provider: "fcm", channels: ["push"], weight: 100, rank: 0, idPrefix: "projects/acme/messages/" },
] as const;

const configs: Record<(typeof accounts)[number]["provider"], unknown> = {
  ses: {
    accessKeyId: "AKIASEEDSEEDSEEDSEED",
    secretAccessKey: "seed",
    region: "eu-central-1",
    from: "hello@example.com",
  },
  smtp: { host: "smtp.example.com", port: 587, user: "tidings", password: "seed", from: "hello@example.com" },
  twilio: { accountSid: `AC${"0".repeat(32)}`, authToken: "seed", from: "+15005550006" },
  "whatsapp-cloud": { phoneNumberId: "100000000000000", accessToken: "seed", appSecret: "seed", verifyToken: "seed" },
  fcm: { serviceAccount: { project_id: "acme", client_email: "seed@acme.example", private_key: "seed" } },
};

/** What the platform sends itself: it has no account of a tenant's. */
const ours: readonly SeedAccount[] = (["in_app", "webhook", "chat"] as const).map((channel) => {
  const provider = channel === "chat" ? "slack" : channel;
  const told = { choice: "the only account", hasReceipts: false, idPrefix: `${provider}-`, idSuffix: "" };
  return { channel, provider, account: provider, weight: 1, ...told };
});

const categories = [
  { key: "security", name: "Security", transactional: true },
  { key: "order_updates", name: "Order updates", transactional: true },
  { key: "billing", name: "Billing", transactional: true },
  { key: "promotions", name: "Promotions", transactional: false },
  { key: "feedback", name: "Feedback", transactional: false },
];

/** Makes a tenant with all that its history needs: templates, categories, provider accounts, endpoints, keys and a team. */
export async function prepareTenant(
  deps: PrepareTenantDeps,
  { name, slug, share, domains }: SeedTenant,
  { messages: asked, seed, days, until }: { messages: number; seed: number; days: number; until: Date },
): Promise<SeedHistory> {
  const { database } = deps;
  const { id: tenantId } = await createTenant(database, { name, slug, contactEmail: `team@${slug}.example` });
  await database.tenant.update({ where: { id: tenantId }, data: { tracksOpens: true, tracksClicks: true } });
  for (const { key, ...category } of categories) await putCategory(database, tenantId, key, category);
  for (const mode of ["live", "test"] as const) {
    await createKey(deps, tenantId, { name: `Backend, ${mode}`, mode, scopes: [...scopes] });
  }
  await letIn(database, tenantId);
  const endpoints = await storeEndpoints(deps, tenantId);
  const accounts = [...(await storeAccounts(deps, tenantId)), ...ours];
  const sends = [...(await publishTemplates(database, tenantId)), ...directSends];
  await seedOffice(deps, { id: tenantId, slug }, { days, until });
  const messages = Math.max(1, Math.round(asked * share));
  return {
    ...{ tenantId, messages, seed, days, until, domains },
    people: Math.min(20_000, Math.max(40, Math.round(messages / 20))),
    cultures: seedCultures,
    ...{ sends, accounts, endpoints, endings: seedEndings, incidents: seedIncidents },
  };
}

/** The demo person, where there is one, becomes an owner: the tenant is there to be looked at. */
async function letIn(database: Database, tenantId: string): Promise<void> {
  const person = await database.user.findUnique({ where: { email: demoPerson.email }, select: { id: true } });
  if (person) await database.member.create({ data: { id: newUuid(), tenantId, userId: person.id, role: "owner" } });
}

const directSends: readonly SeedMessage[] = seedDirect.map((direct) => ({
  ...direct,
  templateId: null,
  version: null,
}));

/** Each published once; the first also as it is written now, so that there is something to compare and roll back. */
async function publishTemplates(database: Database, tenantId: string): Promise<SeedMessage[]> {
  const sends: SeedMessage[] = [];
  for (const [index, { body, ...send }] of seedTemplates.entries()) {
    const { id: templateId } = await createTemplate(database, tenantId, body);
    await publishTemplate(database, tenantId, body.key);
    if (index === 0) {
      const changed = JSON.stringify(body.draft).replaceAll("is on its way", "has left our house");
      await updateTemplate(database, tenantId, body.key, { draft: JSON.parse(changed) as typeof body.draft });
      await publishTemplate(database, tenantId, body.key);
    }
    sends.push({ ...send, templateId, version: 1, content: null, category: body.category ?? null });
  }
  return sends;
}

async function storeAccounts({ database, sealer }: PrepareTenantDeps, tenantId: string): Promise<SeedAccount[]> {
  const stored: SeedAccount[] = [];
  for (const { name, provider, channels, weight, rank, ...ids } of accounts) {
    const key = { id: newUuid(), tenantId };
    const receiptToken = randomBytes(24).toString("base64url");
    const sealedConfig = sealConfig(sealer, key, configs[provider]);
    await database.providerAccount.create({
      data: { ...key, provider, name, channels: [...channels], rank, receiptToken, sealedConfig },
    });
    stored.push(
      ...channels.map((channel) => ({
        ...{ channel, provider, account: key.id, weight, hasReceipts: channel !== "push" && provider !== "smtp" },
        choice: rank === 0 ? "first in order" : "accounts before it were failing",
        idPrefix: "idPrefix" in ids ? ids.idPrefix : "",
        idSuffix: "idSuffix" in ids ? ids.idSuffix : "",
      })),
    );
  }
  return stored;
}

/** One that listens to what fails, and one that no longer answers. */
async function storeEndpoints({ database, sealer }: PrepareTenantDeps, tenantId: string): Promise<SeedEndpoint[]> {
  const deps = { database, sealer, checkUrl: async () => {} }; // nothing is posted to it but what its tenant sends
  const wishes = { channels: [], categories: [], enabled: true };
  const make = async (url: string, description: string, events: string[]) => {
    const body = { ...wishes, url, description, events, secret: generateEndpointSecret() };
    return (await createEndpoint(deps, { tenantId, mode: "live" }, body)).row.id;
  };
  const failures = await make("https://api.example.com/tidings", "What fails, to our support desk", [
    "delivery.failed",
    "delivery.bounced",
  ]);
  const arrivals = await make("https://legacy.example.com/hooks/arrivals", "What arrives", ["delivery.delivered"]);
  const disabledReason = "Nothing got through to it for 5 days.";
  await database.endpoint.update({
    where: { id: arrivals, tenantId },
    data: { enabled: false, disabledReason, failingSince: new Date(Date.now() - 6 * 86_400_000) },
  });
  return [
    { id: failures, statuses: ["FAILED", "BOUNCED"], fromHoursAgo: 60 * 24, toHoursAgo: 0, failing: 0.01 },
    { id: arrivals, statuses: ["DELIVERED"], fromHoursAgo: 6 * 24 + 4, toHoursAgo: 6 * 24, failing: 1 },
  ];
}
