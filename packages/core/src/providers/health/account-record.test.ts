import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid, publicId } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSealer } from "../../secrets/sealer";
import { createAccountBody } from "../accounts/account-schemas";
import { createAccount } from "../accounts/create-account";
import { orderAccounts } from "../accounts/order-accounts";
import { judgeAccount } from "./judge-account";
import { type AttemptSummary, listRecentAttempts, summarizeAttempts } from "./recent-attempts";

let database: Database;
let tenantId: string;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 4, applicationName: "test" });
});
afterAll(() => database?.$disconnect());
beforeEach(async () => {
  tenantId = (await createTestTenant(database)).id;
});

const sealer = createSealer([Buffer.alloc(32, 3)]);
const makeAccount = async (of = tenantId) => {
  const body = createAccountBody.parse({ provider: "slack" });
  return (await createAccount({ database, sealer, providerContext: { outboundAllow: [] } }, of, body)).row.id;
};

/** A delivery of the tenant with one attempt by an account. */
async function makeAttempt(account: string, outcome: string, more: { mode?: string; durationMs?: number } = {}) {
  const [id, notificationId] = [newUuid(), newUuid()];
  const { mode = "live", durationMs = 10 } = more;
  const common = { id, tenantId, mode, notificationId, channel: "chat", address: "https://hooks.slack.com/services/a" };
  await database.delivery.create({
    data: { ...common, status: "SENT", priority: 2, siblings: 1, createdAt: new Date() },
  });
  const reason = outcome === "sent" ? null : `${outcome}: no_service`;
  await database.attempt.create({
    data: {
      ...{ tenantId, deliveryId: id, number: 1, provider: "slack", account, outcome, reason, durationMs },
      startedAt: new Date(),
    },
  });
  return publicId("notification", notificationId);
}

describe("the attempts of the last day", () => {
  it("are summed up by account, with the latest failure in the provider's words", async () => {
    const [one, other] = [newUuid(), newUuid()];
    await makeAttempt(one, "rejected", { durationMs: 30 });
    await makeAttempt(one, "sent", { durationMs: 20 });
    await makeAttempt(one, "sent", { durationMs: 10 });
    await makeAttempt(other, "sent");
    await makeAttempt(other, "rejected", { mode: "test" });

    const summaries = await summarizeAttempts(database, { tenantId, mode: "live" });
    expect(summaries.get(one)).toMatchObject({
      ...{ attempts: 3, failed: 1, medianMs: 20 },
      lastError: { reason: "rejected: no_service", at: expect.any(Date) },
    });
    expect(summaries.get(other)).toMatchObject({ attempts: 1, failed: 0, lastError: null });
  });

  it("are listed for one account, newest first, and never another tenant's", async () => {
    const account = newUuid();
    const first = await makeAttempt(account, "sent");
    const second = await makeAttempt(account, "deferred");
    await makeAttempt(newUuid(), "sent");

    const own = await listRecentAttempts(database, { tenantId, mode: "live" }, account);
    expect(own.map(({ notificationId, outcome }) => [notificationId, outcome])).toEqual([
      [second, "deferred"],
      [first, "sent"],
    ]);
    const stranger = (await createTestTenant(database)).id;
    expect(await listRecentAttempts(database, { tenantId: stranger, mode: "live" }, account)).toEqual([]);
  });
});

describe("orderAccounts", () => {
  const ranks = async () =>
    Object.fromEntries(
      (await database.providerAccount.findMany({ where: { tenantId } })).map(({ id, rank }) => [id, rank]),
    );

  it("tries accounts tier by tier", async () => {
    const [a, b, c] = [await makeAccount(), await makeAccount(), await makeAccount()];
    await orderAccounts(database, tenantId, [[c], [a, b]]);
    expect(await ranks()).toEqual({ [c]: 0, [a]: 1, [b]: 1 });
  });

  it("changes nothing when one of them is another tenant's", async () => {
    const [own, foreign] = [await makeAccount(), await makeAccount((await createTestTenant(database)).id)];
    const before = await ranks();
    await expect(orderAccounts(database, tenantId, [[foreign], [own]])).rejects.toMatchObject({ code: "not_found" });
    expect(await ranks()).toEqual(before);
  });
});

describe("judgeAccount", () => {
  const closed = { circuit: "closed", errorRate: 0, latencyMs: 5 } as const;
  const summary = (attempts: number, failed: number): AttemptSummary => ({
    ...{ attempts, failed, medianMs: 5, lastAt: new Date(), lastError: null },
  });

  it.each([
    ["disabled", false, { ...closed, circuit: "open" } as const, summary(1, 1)],
    ["failing", true, { ...closed, circuit: "open" } as const, summary(100, 0)],
    ["degraded", true, { ...closed, circuit: "half-open" } as const, summary(100, 0)],
    ["degraded", true, { ...closed, errorRate: 0.2 }, summary(100, 0)],
    ["unproven", true, closed, null],
    ["failing", true, null, summary(3, 3)],
    ["degraded", true, closed, summary(10, 1)],
    ["healthy", true, closed, summary(100, 9)],
  ])("says %s", (state, enabled, health, attempts) => {
    expect(judgeAccount(enabled as boolean, health as typeof closed | null, attempts as AttemptSummary | null)).toBe(
      state,
    );
  });
});
