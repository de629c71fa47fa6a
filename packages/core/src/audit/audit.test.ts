import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid } from "@tidings/shared/ids";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import type { AuditFilters } from "./audit-schemas";
import { exportAudit } from "./export-audit";
import { listAudit } from "./list-audit";
import { listAuditTerms } from "./list-audit-terms";
import { writeAudit } from "./write-audit";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 3, applicationName: "test" });
afterAll(() => database.$disconnect());

let tenantId: string;
let otherId: string;
const ann = { userId: newUuid(), actor: "ann@example.com", ipAddress: "192.0.2.7", requestId: "req_1" };
const bo = { userId: newUuid(), actor: "bo@example.com" };

beforeAll(async () => {
  tenantId = (await createTestTenant(database)).id;
  otherId = (await createTestTenant(database)).id;
  await writeAudit(database, { tenantId, ...ann, action: "key.created", target: "key_1", after: { name: "Çafé" } });
  await writeAudit(database, {
    ...{ tenantId, ...bo, action: "settings.changed", target: "Acme" },
    before: { name: "Acme", webhookSecret: "whsec_very" },
    after: { name: "=HYPERLINK(1)", webhookSecret: "whsec_other" },
  });
  await writeAudit(database, { tenantId, ...ann, action: "key.revoked", target: "key_1" });
  await writeAudit(database, { tenantId: otherId, ...bo, action: "key.created", target: "key_of_other" });
});

async function partsOf(id: string, filters: AuditFilters): Promise<string[]> {
  const parts: string[] = [];
  for await (const part of exportAudit(database, id, filters)) parts.push(part);
  return parts;
}

async function listed(filters: AuditFilters): Promise<string[]> {
  const { rows } = await listAudit(database, tenantId, filters, { limit: 50 });
  return rows.map(({ action }) => action);
}

it("keeps an entry whose text is cut in the middle of an emoji", async () => {
  const { id } = await createTestTenant(database);
  await writeAudit(database, {
    tenantId: id,
    ...ann,
    action: "template.saved",
    after: { html: `${"a".repeat(499)}🚀` },
  });
  const { rows } = await listAudit(database, id, {}, { limit: 1 });
  expect(rows[0]?.after).toEqual({ html: `${"a".repeat(499)}\uFFFD…` });
});

describe("listAudit", () => {
  it("shows a tenant's own entries alone, newest first, with what changed and without its secrets", async () => {
    const { rows, hasMore } = await listAudit(database, tenantId, {}, { limit: 50 });
    expect(hasMore).toBe(false);
    expect(rows.map(({ action }) => action)).toEqual(["key.revoked", "settings.changed", "key.created"]);
    expect(rows[1]).toMatchObject({
      tenantId,
      before: { name: "Acme", webhookSecret: "[redacted]" },
      after: { webhookSecret: "[redacted]" },
    });
    expect(rows[2]).toMatchObject({ ...ann, target: "key_1", before: null, after: { name: "Çafé" } });
    expect(rows[2]?.createdAt).toBeInstanceOf(Date);
  });

  it("narrows down by person, action and any text, whatever its case", async () => {
    expect(await listed({ actor: ann.actor })).toEqual(["key.revoked", "key.created"]);
    expect(await listed({ actions: ["key.created", "settings.changed"] })).toEqual(["settings.changed", "key.created"]);
    expect(await listed({ q: "çAFÉ" })).toEqual(["key.created"]);
    expect(await listed({ q: "192.0.2.7" })).toEqual(["key.revoked", "key.created"]);
    expect(await listed({ q: "100%_" })).toEqual([]);
    expect(await listed({ q: "key_of_other" })).toEqual([]);
  });

  it("narrows down by time", async () => {
    const { rows } = await listAudit(database, tenantId, {}, { limit: 50 });
    const [latest] = rows;
    if (!latest) throw new Error("no entries");
    expect(await listed({ from: new Date(latest.createdAt.getTime() + 60_000) })).toEqual([]);
    expect(await listed({ to: new Date(latest.createdAt.getTime() - 60_000) })).toEqual([]);
    expect(await listed({ from: new Date(latest.createdAt.getTime() - 60_000) })).toHaveLength(3);
  });

  it("pages", async () => {
    const first = await listAudit(database, tenantId, {}, { limit: 2 });
    expect(first).toMatchObject({ hasMore: true, rows: [{ action: "key.revoked" }, { action: "settings.changed" }] });
    const rest = await listAudit(database, tenantId, {}, { limit: 2, after: first.rows[1]?.id });
    expect(rest).toMatchObject({ hasMore: false, rows: [{ action: "key.created" }] });
  });
});

it("offers the people and actions of the tenant's log to choose from", async () => {
  expect(await listAuditTerms(database, tenantId)).toEqual({
    actors: ["ann@example.com", "bo@example.com"],
    actions: ["key.created", "key.revoked", "settings.changed"],
  });
  expect(await listAuditTerms(database, newUuid())).toEqual({ actors: [], actions: [] });
});

describe("exportAudit", () => {
  async function exported(filters: AuditFilters): Promise<Record<string, string>[]> {
    return parse((await partsOf(tenantId, filters)).join(""), { columns: true });
  }

  it("writes what the list shows, as CSV that runs in no spreadsheet", async () => {
    const lines = await exported({});
    expect(lines.map(({ action }) => action)).toEqual(["key.revoked", "settings.changed", "key.created"]);
    expect(JSON.parse(lines[1]?.after ?? "")).toMatchObject({ name: "=HYPERLINK(1)" });
    expect(lines[2]).toMatchObject({ actor: ann.actor, before: "", ipAddress: "192.0.2.7", requestId: "req_1" });
    await writeAudit(database, { tenantId: otherId, ...bo, action: "category.stored", target: "=1+1" });
    const other = (await partsOf(otherId, { q: "=1+1" })).join("");
    expect(other).toContain(",'=1+1,");
  });

  it("heeds the filters, and goes on beyond one page", async () => {
    expect(await exported({ actor: bo.actor })).toHaveLength(1);
    const many = await createTestTenant(database);
    await database.auditEntry.createMany({
      data: Array.from({ length: 2_001 }, () => ({
        id: newUuid(),
        tenantId: many.id,
        actor: "a",
        action: "key.created",
      })),
    });
    const parts = await partsOf(many.id, {});
    expect(parts).toHaveLength(4);
    expect(parts.join("").split("\r\n")).toHaveLength(2_003);
  });
});
