import { openDatabase, Prisma } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createPartitions } from "@tidings/db/partitions";
import { createLogger } from "@tidings/runtime/logger";
import { newUuid, publicId } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import type { Billing } from "../billing/create-billing";
import { deleteErasedTenants } from "./delete-erased-tenants";
import { eraseTenant } from "./erase-tenant";
import { platformSlug } from "./write-mail";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 3, applicationName: "test" });
afterAll(() => database.$disconnect());
const deps = { database, billing: null };
const logger = createLogger({ name: "test", level: "silent" });
const by = { userId: newUuid(), actor: "ann@example.com", ipAddress: "192.0.2.1", userAgent: null, requestId: "req_1" };
const inTenMinutes = () => Date.now() + 10 * 60_000;

interface Column {
  table: string;
  name: string;
  type: string;
  isRequired: boolean;
}
let columns: Column[];
let tables: string[];
let userId: string;

beforeAll(async () => {
  const now = new Date();
  await createPartitions(database, now, now);
  columns = await database.$queryRaw<Column[]>`
    SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, NULL) AS type,
      a.attnotnull AND NOT a.atthasdef AS "isRequired"
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND a.attnum > 0 AND NOT a.attisdropped`;
  const ofTenants = columns.filter(({ name }) => name === "tenant_id").map(({ table }) => table);
  const parents = ["recipient", "template"]; // before what refers to them
  tables = [...parents, ...ofTenants.filter((table) => !parents.includes(table)).sort()];
  const user = { id: newUuid(), name: "Ann", email: "ann@example.com" };
  userId = (await database.user.create({ data: user })).id;
});

/** Puts a row of a tenant into each table that has tenants, whatever its columns are. */
async function fill(tenantId: string): Promise<void> {
  const references: Record<string, string> = {};
  for (const table of tables) {
    const values: Record<string, unknown> = {};
    for (const { name, type } of columns.filter((column) => column.table === table && column.isRequired)) {
      values[name] = (name === "user_id" || name === "inviter_id" ? userId : references[name]) ?? valueFor(type);
    }
    values.tenant_id = tenantId;
    const names = Prisma.raw(Object.keys(values).join(", "));
    await database.$executeRaw`
      INSERT INTO ${Prisma.raw(table)} (${names})
      SELECT ${names} FROM json_populate_record(NULL::${Prisma.raw(table)}, ${JSON.stringify(values)}::json)`;
    if (table === "recipient" || table === "template") references[`${table}_id`] = String(values.id);
  }
}

let counted = 0;

function valueFor(type: string): unknown {
  if (type === "uuid") return newUuid();
  if (type.endsWith("[]")) return [];
  if (type.startsWith("timestamp") || type === "date") return new Date().toISOString();
  if (type === "boolean") return false;
  if (type === "jsonb") return {};
  if (!/int|numeric|double/.test(type)) return newUuid();
  counted += 1;
  return counted; // what is later in a table is greater: spans have a length
}

/** Tables that hold rows of a tenant. */
async function holding(tenantId: string): Promise<string[]> {
  const found: string[] = [];
  for (const table of tables) {
    const [row] = await database.$queryRaw<[{ count: number }]>`
      SELECT count(*)::int AS count FROM ${Prisma.raw(table)} WHERE tenant_id = ${tenantId}::uuid`;
    if (row.count > 0) found.push(table);
  }
  return found;
}

let tenantId: string;
let slug: string;
beforeEach(async () => {
  ({ id: tenantId, slug } = await createTestTenant(database));
});

describe("eraseTenant", () => {
  it("ends keys, team, accounts and endpoints at once, and frees the slug", async () => {
    await fill(tenantId);
    await eraseTenant(deps, tenantId, slug, by);
    const keys = await database.apiKey.findMany({ where: { tenantId } });
    expect(keys.map(({ revokedAt }) => revokedAt !== null)).toEqual([true]);
    const left = await holding(tenantId);
    for (const table of ["member", "invitation", "provider_account", "endpoint"]) expect(left).not.toContain(table);
    await expect(createTestTenant(database, { slug })).resolves.toMatchObject({ slug });
  });

  it("leaves an entry in the platform's audit log that says who, what and when", async () => {
    await eraseTenant(deps, tenantId, slug, by);
    const entry = await database.auditEntry.findFirstOrThrow({ where: { target: publicId("tenant", tenantId) } });
    expect(entry).toMatchObject({
      tenantId: null,
      action: "tenant.erased",
      ...by,
      before: { slug, members: 0, revokedKeys: 0 },
    });
  });

  it("is refused without the tenant's slug, a second time, and for the platform's own tenant", async () => {
    await expect(eraseTenant(deps, tenantId, "another", by)).rejects.toMatchObject({
      code: "invalid_body",
      faults: [{ pointer: "/confirmation" }],
    });
    expect((await database.tenant.findUniqueOrThrow({ where: { id: tenantId } })).erasedAt).toBeNull();
    const answers = await Promise.allSettled([1, 2].map(() => eraseTenant(deps, tenantId, slug, by)));
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const platform = await createTestTenant(database, { slug: platformSlug });
    await expect(eraseTenant(deps, platform.id, platformSlug, by)).rejects.toMatchObject({ code: "conflict" });
  });

  it("changes nothing while Stripe can't be told, or is not connected although something is paid for", async () => {
    await database.subscription.create({ data: { tenantId, customerId: newUuid(), status: "active" } });
    await expect(eraseTenant(deps, tenantId, slug, by)).rejects.toMatchObject({ code: "conflict" });
    const away = { subscriptions: { list: () => Promise.reject(new Refusal("unavailable", "Stripe is away.")) } };
    const billing = { stripe: away, database, logger } as unknown as Billing;
    await expect(eraseTenant({ database, billing }, tenantId, slug, by)).rejects.toMatchObject({ code: "unavailable" });
    expect((await database.tenant.findUniqueOrThrow({ where: { id: tenantId } })).erasedAt).toBeNull();
  });
});

describe("deleteErasedTenants", () => {
  it("leaves nothing of an erased tenant in any table, and everything of others", async () => {
    const other = await createTestTenant(database);
    await fill(tenantId);
    await fill(other.id);
    expect(await holding(tenantId)).toEqual(tables); // so that a table to come is looked at too
    await eraseTenant(deps, tenantId, slug, by);
    expect(await deleteErasedTenants({ database, logger }, inTenMinutes())).toBeGreaterThan(0);
    expect(await holding(tenantId)).toEqual([]);
    expect(await database.tenant.findUnique({ where: { id: tenantId } })).toBeNull();
    expect(await holding(other.id)).toEqual(tables);
  });

  it("deletes many notifications with what they led to, at once, and the tenant itself some minutes later", async () => {
    const ids = Array.from({ length: 1_201 }, () => newUuid());
    const common = { tenantId, mode: "live", priority: 2, createdAt: new Date() };
    const message = { ...common, status: "PENDING", bulk: false, channels: ["email"], addresses: {}, requestId: "r" };
    await database.notification.createMany({ data: ids.map((id) => ({ ...message, id })) });
    const toAnn = { ...common, channel: "email", address: "a@b.c", status: "QUEUED", siblings: 1 };
    await database.delivery.createMany({ data: ids.map((id) => ({ ...toAnn, id, notificationId: id })) });
    await eraseTenant(deps, tenantId, slug, by);
    await deleteErasedTenants({ database, logger });
    expect(await holding(tenantId)).toEqual([]);
    expect(await database.tenant.findUnique({ where: { id: tenantId } })).not.toBeNull();

    await database.delivery.create({ data: { ...toAnn, id: newUuid(), notificationId: newUuid() } }); // arrives late
    await deleteErasedTenants({ database, logger }, inTenMinutes());
    expect(await holding(tenantId)).toEqual([]);
    expect(await database.tenant.findUnique({ where: { id: tenantId } })).toBeNull();
  });

  it("touches nothing that was not erased", async () => {
    await fill(tenantId);
    await deleteErasedTenants({ database, logger }, inTenMinutes());
    expect(await holding(tenantId)).toEqual(tables);
  });
});
