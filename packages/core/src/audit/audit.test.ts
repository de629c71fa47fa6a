import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid } from "@tidings/shared/ids";
import { parse } from "csv-parse/sync";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import type { AuditFilters } from "./audit-schemas";
import { continueAudit } from "./continue-audit";
import { exportAudit } from "./export-audit";
import { listAudit } from "./list-audit";
import { listAuditTerms } from "./list-audit-terms";
import { presentAuditPage } from "./present-audit-entry";
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

describe("continueAudit", () => {
  afterEach(() => void vi.useRealTimers());

  it("makes one entry of what one person changes in a row, from before the first to after the last", async () => {
    const { id } = await createTestTenant(database);
    const edit = (who: typeof ann | typeof bo, before: number, target = "welcome") =>
      continueAudit(database, { tenantId: id, ...who, action: "draft.edited", target, before, after: before + 1 });
    const entries = async () =>
      (await listAudit(database, id, {}, { limit: 50 })).rows.map(({ actor, target, before, after }) =>
        [actor, target, before, after].join(" "),
      );
    for (const before of [0, 1, 2]) await edit(ann, before);
    expect(await entries()).toEqual(["ann@example.com welcome 0 3"]);

    await edit(ann, 7, "other");
    await edit(ann, 3);
    await edit(bo, 4);
    await edit(ann, 5);
    await edit({ ...ann, ipAddress: "192.0.2.8" }, 6);
    await writeAudit(database, { tenantId: id, ...ann, action: "draft.published", target: "welcome" });
    await edit(ann, 7);
    expect((await entries()).reverse()).toEqual([
      "ann@example.com welcome 0 4",
      "ann@example.com other 7 8",
      "bo@example.com welcome 4 5",
      "ann@example.com welcome 5 6",
      "ann@example.com welcome 6 7",
      "ann@example.com welcome  ",
      "ann@example.com welcome 7 8",
    ]);
  });

  it("begins another entry after ten minutes", async () => {
    const { id } = await createTestTenant(database);
    const edit = () => continueAudit(database, { tenantId: id, ...ann, action: "draft.edited", target: "welcome" });
    const now = Date.now();
    for (const minute of [0, 9, 11, 12]) {
      vi.useFakeTimers({ toFake: ["Date"], now: now + minute * 60_000 });
      await edit();
    }
    expect((await listAudit(database, id, {}, { limit: 50 })).rows).toHaveLength(2);
  });
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

  it("looks for what has no index in bounded steps, and the next page goes on from there", async () => {
    const { id } = await createTestTenant(database);
    await database.$executeRaw`
      INSERT INTO audit_entry (id, tenant_id, actor, action, target)
      SELECT uuid_at(now() - n * interval '1 minute'), ${id}::uuid, 'ann@example.com', 'key.created', 'key_' || n
      FROM generate_series(1, 3000) AS n`;
    const found: (string | null)[] = [];
    let pages = 0;
    let short = 0;
    for (let after: string | undefined, hasMore = true; hasMore; pages += 1) {
      const page = await listAudit(database, id, { q: "KEY_2999" }, { limit: 5, after }, 0);
      const searchedTo = page.searchedTo?.toISOString() ?? null;
      expect(presentAuditPage(page)).toMatchObject({ searchedTo, hasMore: searchedTo !== null });
      found.push(...page.rows.map(({ target }) => target));
      after = page.after ?? undefined;
      hasMore = page.hasMore;
      if (page.searchedTo) short += 1;
    }
    expect(found).toEqual(["key_2999"]);
    expect({ pages, short }).toEqual({ pages: 24, short: 23 }); // of 128 entries each
    const whole = await listAudit(database, id, { actor: "ann@example.com" }, { limit: 50 });
    expect(whole).toMatchObject({ hasMore: true, after: whole.rows.at(-1)?.id, searchedTo: null });
    expect((await partsOf(id, { q: "key_2999" })).join("")).toContain("key_2999");
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
