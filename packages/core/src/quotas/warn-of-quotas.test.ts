import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { newUuid } from "@tidings/shared/ids";
import { plans } from "@tidings/shared/plans";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { createAccept } from "../pipeline/accept";
import type { WrittenReport } from "../reports/write-reports";
import { createNotifyTeam } from "../tenants/notify-team";
import { createWriteMail, platformSlug } from "../tenants/write-mail";
import { type WarnOfQuotasDeps, warnOfQuotas } from "./warn-of-quotas";

const { email: quota } = plans.free.monthlyUnits;
const nowMs = Date.parse("2026-11-21T12:00:00Z");
let database: Database;
let deps: WarnOfQuotasDeps;
let tenantId: string;
let queued: WrittenReport[];

beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 4, applicationName: "test" });
  const logger = createLogger({ name: "test", level: "silent" });
  const queueReports = async (reports: readonly WrittenReport[]) => void queued.push(...reports);
  const metrics = createMetrics({ process: "test" });
  const accept = createAccept({ database, publish: async () => true, queueReports, metrics });
  deps = {
    database,
    queueReports,
    notifyTeam: createNotifyTeam({ database, writeMail: createWriteMail({ database, accept }) }),
    logger,
  };
});
afterAll(() => database?.$disconnect());

beforeEach(async () => {
  queued = [];
  await database.tenant.deleteMany({ where: { slug: { not: platformSlug } } });
  await database.usage.deleteMany();
  tenantId = (await createTestTenant(database, { plan: "free", contactEmail: "team@example.com" })).id;
  await database.endpoint.create({
    data: { id: newUuid(), tenantId, mode: "live", url: "https://example.com", events: ["quota.*"], sealedSecret: "s" },
  });
});

async function use(accepted: number, { day = "2026-11-20", mode = "live", category = "", tenant = tenantId } = {}) {
  const data = { tenantId: tenant, day: new Date(day), mode, channel: "email", provider: "", category, accepted };
  await database.usage.create({ data });
}

const reports = () => database.report.findMany({ where: { tenantId }, orderBy: { sequence: "asc" } });
/** Subjects of what the platform wrote to an address. */
async function emailsTo(address: string): Promise<string[]> {
  const sent = await database.notification.findMany({
    where: { addresses: { equals: { email: address } } },
    orderBy: { id: "asc" },
  });
  return sent.map(({ content }) => (content as { email: { subject: string } }).email.subject);
}

it("counts segments that were sent, and not what failed", async () => {
  await use(quota * 0.8);
  const outcomes = { provider: "smtp", category: "", mode: "live", channel: "email", day: new Date("2026-11-20") };
  await database.usage.create({ data: { ...outcomes, tenantId, failed: 2, sent: 1, units: 2 } });
  expect(await warnOfQuotas(deps, nowMs)).toBe(0);
  await database.usage.updateMany({ where: { tenantId, provider: "smtp" }, data: { units: 3 } });
  expect(await warnOfQuotas(deps, nowMs)).toBe(1);
});

it("tells endpoints and the team once when most of a quota is used, and once when all of it is", async () => {
  const team = `team-${newUuid()}@example.com`;
  await database.tenant.update({ where: { id: tenantId }, data: { contactEmail: team } });
  await use(quota * 0.8 - 1);
  expect(await warnOfQuotas(deps, nowMs)).toBe(0);

  await use(1, { day: "2026-11-21", category: "orders" });
  expect(await warnOfQuotas(deps, nowMs)).toBe(1);
  expect(await warnOfQuotas(deps, nowMs)).toBe(0);
  const [warning] = await reports();
  const facts = { month: "2026-11", channel: "email", limit: quota };
  expect(warning).toMatchObject({ type: "quota.warning", facts: { ...facts, used: quota * 0.8, percent: 80 } });
  expect(queued).toEqual([{ id: warning?.id, endpointId: warning?.endpointId }]);

  await use(quota, { day: "2026-11-01" });
  expect(await warnOfQuotas(deps, nowMs)).toBe(1);
  expect((await reports())[1]).toMatchObject({ type: "quota.exceeded", facts: { ...facts, percent: 100 } });
  expect(await emailsTo(team)).toEqual([
    "80 % of the email quota of 2026-11 is used",
    "The email quota of 2026-11 is used up",
  ]);
});

it("tells the higher of two thresholds reached at once, and the lower never after it", async () => {
  await use(quota);
  expect(await warnOfQuotas(deps, nowMs)).toBe(1);
  expect(await warnOfQuotas(deps, nowMs)).toBe(0);
  expect((await reports()).map(({ type }) => type)).toEqual(["quota.exceeded"]);
  expect(await database.quotaNotice.count({ where: { tenantId } })).toBe(2);
});

it("tells each once although two processes look at the same time", async () => {
  const team = `team-${newUuid()}@example.com`;
  await database.tenant.update({ where: { id: tenantId }, data: { contactEmail: team } });
  await use(quota);
  const told = await Promise.all([warnOfQuotas(deps, nowMs), warnOfQuotas(deps, nowMs)]);
  expect(told.sort()).toEqual([0, 1]);
  expect(await reports()).toHaveLength(1);
  expect(await emailsTo(team)).toHaveLength(1);
});

it("begins anew each month, and counts no other month, test mode or tenant", async () => {
  const other = await createTestTenant(database, { plan: "free" });
  await use(quota, { day: "2026-10-31" });
  await use(quota, { day: "2026-12-01" });
  await use(quota, { mode: "test" });
  await use(quota, { tenant: other.id });
  expect(await warnOfQuotas(deps, nowMs)).toBe(1);
  expect(await reports()).toEqual([]);
  expect(await warnOfQuotas(deps, Date.parse("2026-12-02"))).toBe(1);
  expect(await reports()).toMatchObject([{ facts: { month: "2026-12" } }]);
});

it("writes no email for a tenant without an address of its team, and no warning to one without quotas", async () => {
  await database.tenant.update({ where: { id: tenantId }, data: { contactEmail: null } });
  const before = await database.notification.count();
  await use(quota);
  expect(await warnOfQuotas(deps, nowMs)).toBe(1);
  const unlimited = await createTestTenant(database);
  await use(10_000_000, { tenant: unlimited.id });
  expect(await warnOfQuotas(deps, nowMs)).toBe(0);
  expect(await database.notification.count()).toBe(before);
});
