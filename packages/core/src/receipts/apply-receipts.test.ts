import type { ReceiptKind } from "@tidings/channels/receipt";
import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { firstUuidAt, newUuid } from "@tidings/shared/ids";
import { type DeliveryStatus, deliveryMoves, deliveryStatuses } from "@tidings/shared/lifecycles";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { deliveryId } from "../pipeline/delivery-id";
import type { WrittenReport } from "../reports/write-reports";
import { addSuppressions } from "../suppressions/add-suppressions";
import { type ApplyReceiptsDeps, applyWaitingReceipts } from "./apply-receipts";

let database: Database;
let deps: ApplyReceiptsDeps;
let tenantId: string;
/** Of a tenant's own account: everything in a test is told of this one unless it says otherwise. */
let account: string;
const queued: WrittenReport[] = [];
const logLines: string[] = [];

beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 8, applicationName: "test" });
  const destination = { write: (line: string) => void logLines.push(line) };
  deps = {
    database,
    queueReports: async (reports) => void queued.push(...reports),
    logger: createLogger({ name: "test", level: "info", destination }),
    metrics: createMetrics({ process: "test" }),
  };
});
afterAll(() => database?.$disconnect());
beforeEach(async () => {
  tenantId = (await createTestTenant(database)).id;
  account = newUuid();
});

interface Written {
  notificationId: string;
  id: string;
  messageId: string;
}
interface Wanted {
  tenantId?: string;
  channel?: string;
  address?: string;
  category?: string;
  notification?: string;
  account?: string;
}

/** A notification with a delivery in each of these states, whose messages the provider took. */
async function written(statuses: readonly DeliveryStatus[], wanted: Wanted = {}): Promise<Written[]> {
  const notificationId = newUuid();
  const { channel = "email", notification = "PROCESSING" } = wanted;
  const common = { tenantId: wanted.tenantId ?? tenantId, mode: "live", priority: 2, createdAt: new Date() };
  await database.notification.create({
    data: {
      ...common,
      id: notificationId,
      status: notification,
      category: wanted.category ?? null,
      bulk: false,
      addresses: {},
      channels: [channel],
      requestId: "req",
    },
  });
  const deliveries = statuses.map((status, index) => {
    const address = wanted.address ?? `${index}-${notificationId.slice(-12)}@example.com`;
    return { id: deliveryId(notificationId, channel, address), status, address, messageId: `msg-${newUuid()}` };
  });
  await database.delivery.createMany({
    data: deliveries.map(({ messageId, ...delivery }) => ({
      ...common,
      ...delivery,
      notificationId,
      channel,
      siblings: statuses.length,
      attempt: 1,
      ...(delivery.status === "SENT" && {
        provider: "ses",
        providerMessageId: messageId,
        units: 1,
        sentAt: new Date(),
        settledAt: new Date(),
      }),
    })),
  });
  await database.sentMessage.createMany({
    data: deliveries.map(({ id, messageId }) => ({
      account: wanted.account ?? account,
      providerMessageId: messageId,
      tenantId: common.tenantId,
      deliveryId: id,
      units: 3,
    })),
  });
  return deliveries.map(({ id, messageId }) => ({ notificationId, id, messageId }));
}

interface Told {
  account?: string;
  tenantId?: string | null;
  provider?: string;
  channel?: string | null;
  address?: string | null;
  eventId?: string;
  id?: string;
  at?: Date;
  url?: string;
  reason?: string;
}

/** A receipt as the door stores it. */
async function told(kind: ReceiptKind, messageId: string | null, more: Told = {}): Promise<string> {
  const eventId = more.eventId ?? newUuid();
  await database.receipt.createMany({
    data: [
      {
        account,
        provider: "ses",
        tenantId,
        id: newUuid(),
        at: new Date(),
        ...more,
        eventId,
        kind,
        providerMessageId: messageId,
      },
    ],
    skipDuplicates: true,
  });
  return eventId;
}

const apply = () => applyWaitingReceipts(deps);
const statusOf = async (id: string) => (await database.delivery.findFirst({ where: { tenantId, id } }))?.status;
const notificationStatus = async ({ notificationId: id }: Written) =>
  (await database.notification.findFirst({ where: { tenantId, id } }))?.status;
const suppressions = (of = tenantId) =>
  database.suppression.findMany({
    where: { tenantId: of },
    select: { channel: true, address: true, category: true, reason: true },
    orderBy: { address: "asc" },
  });
const usage = async () => {
  const rows = await database.usage.findMany({ where: { tenantId } });
  const sum = (field: "sent" | "delivered" | "units") => rows.reduce((total, row) => total + Number(row[field]), 0);
  return { sent: sum("sent"), delivered: sum("delivered"), units: sum("units") };
};

const outcomes = { delivered: "DELIVERED", bounced_hard: "BOUNCED", bounced_soft: "BOUNCED" } as const;
const cases = deliveryStatuses
  .filter((status) => status !== "QUEUED")
  .flatMap((from) => (["delivered", "bounced_hard", "bounced_soft"] as const).map((kind) => ({ from, kind })));

test.each(cases)("a delivery that is $from and is told $kind moves as its lifecycle allows", async ({ from, kind }) => {
  const [delivery] = (await written([from])) as [Written];
  await told(kind, delivery.messageId, { reason: "550 no such user" });
  expect(await apply()).toBe(1);
  const isAllowed = (deliveryMoves[from] as readonly string[]).includes(outcomes[kind]);
  const row = await database.delivery.findFirst({ where: { tenantId, id: delivery.id } });
  expect(row?.status).toBe(isAllowed ? outcomes[kind] : from);
  expect(row?.reason).toBe(isAllowed ? "550 no such user" : null);
  const isNewlySent = isAllowed && from !== "SENT";
  expect(await usage()).toEqual({
    sent: isNewlySent ? 1 : 0,
    delivered: isAllowed && kind === "delivered" ? 1 : 0,
    units: isNewlySent ? 3 : 0,
  });
  expect(await apply()).toBe(0);
});

test("a receipt that overtook our own SENT fills in what took the message", async () => {
  const [delivery] = (await written(["SENDING"])) as [Written];
  await told("delivered", delivery.messageId);
  await apply();
  expect(await database.delivery.findFirst({ where: { tenantId, id: delivery.id } })).toMatchObject({
    status: "DELIVERED",
    provider: "ses",
    providerMessageId: delivery.messageId,
    units: 3,
    leaseUntil: null,
    sentAt: expect.any(Date),
    settledAt: expect.any(Date),
  });
  expect(await notificationStatus(delivery)).toBe("SENT");
});

test("nothing arrives before it was sent, whatever the provider's clock says", async () => {
  const [delivery] = (await written(["SENT"])) as [Written];
  await told("delivered", delivery.messageId, { at: new Date(Date.now() - 60_000) });
  await apply();
  const row = await database.delivery.findFirst({ where: { tenantId, id: delivery.id } });
  expect(row?.settledAt).toEqual(row?.sentAt);
});

test("a late bounce makes a notification partial, then failed", async () => {
  const [one, other] = (await written(["SENT", "DELIVERED"], { notification: "SENT" })) as [Written, Written];
  await told("bounced_soft", one.messageId);
  await apply();
  expect(await notificationStatus(one)).toBe("PARTIAL");
  await told("bounced_soft", other.messageId);
  await apply();
  expect(await notificationStatus(one)).toBe("PARTIAL");

  const [alone] = (await written(["SENT"], { notification: "SENT" })) as [Written];
  await told("bounced_hard", alone.messageId);
  await apply();
  expect(await notificationStatus(alone)).toBe("FAILED");
});

test("a receipt of a message that is not known waits, and is applied once our own row is there", async () => {
  const eventId = await told("delivered", "msg-late", {});
  expect(await apply()).toBe(1);
  const waiting = await database.receipt.findFirst({ where: { account, eventId } });
  expect(waiting?.appliedAt).toBeNull();
  expect(waiting?.dueAt?.getTime()).toBeGreaterThan(Date.now());

  const [delivery] = (await written(["SENT"])) as [Written];
  await database.sentMessage.updateMany({ where: { account }, data: { providerMessageId: "msg-late" } });
  await database.receipt.updateMany({ where: { account, eventId }, data: { dueAt: new Date(0) } });
  await apply();
  expect(await statusOf(delivery.id)).toBe("DELIVERED");
  expect(await database.receipt.findFirst({ where: { account, eventId } })).toMatchObject({
    tenantId,
    deliveryId: delivery.id,
    dueAt: null,
    appliedAt: expect.any(Date),
  });
});

test("the longer a message stays unknown the less it is looked for; after a week it is given up", async () => {
  const hourMs = 3_600_000;
  const old = await told("delivered", "msg-1", { id: firstUuidAt(Date.now() - 10 * hourMs) });
  const tooOld = await told("delivered", "msg-2", { id: firstUuidAt(Date.now() - 7 * 24 * hourMs - 1_000) });
  await apply();
  const row = await database.receipt.findFirst({ where: { account, eventId: old } });
  expect(row?.dueAt?.getTime()).toBeGreaterThan(Date.now() + 9 * hourMs);
  expect(await database.receipt.findFirst({ where: { account, eventId: tooOld } })).toMatchObject({
    dueAt: null,
    appliedAt: expect.any(Date),
    deliveryId: null,
  });
});

test("an outcome of a delivery that is about to be tried again waits for it", async () => {
  const [delivery] = (await written(["QUEUED"])) as [Written];
  const eventId = await told("delivered", delivery.messageId);
  await apply();
  expect(await statusOf(delivery.id)).toBe("QUEUED");
  await database.delivery.updateMany({ where: { tenantId, id: delivery.id }, data: { status: "SENT" } });
  await database.receipt.updateMany({ where: { account, eventId }, data: { dueAt: new Date(0) } });
  await apply();
  expect(await statusOf(delivery.id)).toBe("DELIVERED");
});

test.each([
  ["bounced_hard", { reason: "hard_bounce", category: "" }],
  ["complained", { reason: "complaint", category: "" }],
  ["unsubscribed", { reason: "unsubscribe", category: "offers" }],
  ["bounced_soft", null],
  ["opened", null],
] as const)("of a delivery that %s, the address is suppressed with %j", async (kind, expected) => {
  const [delivery] = (await written(["SENT"], { address: "Ann@example.com", category: "offers" })) as [Written];
  await told(kind, delivery.messageId, { address: "other@example.com" });
  await apply();
  const row = { channel: "email", address: "ann@example.com", ...expected };
  expect(await suppressions()).toEqual(expected ? [row] : []);
});

test("STOP to a tenant's number stops that channel, START lets it go on; what bounced stays", async () => {
  const address = "+14155550123";
  const wish = { provider: "twilio", address, channel: "sms" };
  await told("unsubscribed", null, { ...wish, reason: "STOP" });
  await told("bounced_hard", null, { ...wish, channel: "whatsapp" });
  await apply();
  expect((await suppressions()).map(({ channel, reason }) => [channel, reason]).sort()).toEqual([
    ["sms", "stop"],
    ["whatsapp", "hard_bounce"],
  ]);
  const before = new Date(Date.now() - 3_600_000);
  await told("resubscribed", null, { ...wish, at: before });
  await apply();
  expect(await suppressions()).toHaveLength(2);
  await told("resubscribed", null, { ...wish, at: new Date(Date.now() + 1_000) });
  await told("resubscribed", null, { ...wish, channel: "whatsapp", at: new Date(Date.now() + 1_000) });
  await apply();
  expect(await suppressions()).toMatchObject([{ channel: "whatsapp", reason: "hard_bounce" }]);
});

test("STOP to a number of the platform concerns those who wrote from it, START those it concerned", async () => {
  const address = "+14155550199";
  const platform = `twilio-${newUuid()}`;
  const [other, ownAccount] = await Promise.all([createTestTenant(database), createTestTenant(database)]);
  await written(["SENT"], { channel: "sms", address, account: platform });
  await written(["SENT"], { channel: "sms", address, account: "twilio-2", tenantId: other.id });
  const stop = { account: platform, provider: "twilio", tenantId: null, channel: "sms", address };
  await told("unsubscribed", null, { ...stop, reason: "STOP" });
  await apply();
  expect(await suppressions()).toMatchObject([{ channel: "sms", address, reason: "stop", category: "" }]);
  expect(await suppressions(other.id)).toEqual([]);

  await database.providerAccount.create({
    data: {
      id: newUuid(),
      tenantId: ownAccount.id,
      provider: "twilio",
      name: "Own",
      channels: ["sms"],
      sealedConfig: "sealed",
      receiptToken: newUuid(),
    },
  });
  const row = { channel: "sms", address, category: "", mode: "live", detail: null } as const;
  await database.$transaction((transaction) =>
    addSuppressions(transaction, [{ ...row, tenantId: ownAccount.id, reason: "stop" }]),
  );
  await told("resubscribed", null, { ...stop, at: new Date(Date.now() + 1_000) });
  await apply();
  expect(await suppressions()).toEqual([]);
  expect(await suppressions(ownAccount.id)).toHaveLength(1);
});

test("endpoints are told of what moved once, and of every open and click", async () => {
  const endpoint = { tenantId, mode: "live", url: "https://example.com", events: ["*"], sealedSecret: "sealed" };
  await database.endpoint.create({ data: { ...endpoint, id: newUuid() } });
  const [delivery] = (await written(["SENT"], { notification: "SENT" })) as [Written];
  const click = { url: "https://acme.test/offer" };
  for (const kind of ["delivered", "delivered", "opened", "opened", "complained"] as const) {
    await told(kind, delivery.messageId);
  }
  const clicked = await told("clicked", delivery.messageId, click);
  await told("clicked", delivery.messageId, { ...click, eventId: clicked });
  queued.length = 0;
  await apply();
  const reports = await database.report.findMany({ where: { tenantId }, orderBy: { sequence: "asc" } });
  const types = reports.map(({ type }) => type);
  expect(types.toSorted()).toEqual(
    ["clicked", "complained", "delivered", "opened", "opened"]
      .map((what) => `delivery.${what}`)
      .concat("suppression.added"),
  );
  expect(queued.map(({ id }) => id).toSorted()).toEqual(reports.map(({ id }) => id).toSorted());
  expect(reports.find(({ type }) => type === "delivery.clicked")?.facts).toMatchObject({
    id: delivery.id,
    notificationId: delivery.notificationId,
    channel: "email",
    status: "DELIVERED",
    url: click.url,
    occurredAt: expect.stringMatching(/Z$/),
  });

  const [late] = (await written(["SENT"], { notification: "SENT" })) as [Written];
  await told("bounced_soft", late.messageId, { reason: "452 mailbox full" });
  await apply();
  const told2 = await database.report.findMany({ where: { tenantId, notificationId: late.notificationId } });
  expect(told2.map(({ type }) => type).toSorted()).toEqual(["delivery.bounced", "notification.failed"]);
});

test("a receipt that can't be applied hurts only itself", async () => {
  const [delivery] = (await written(["SENT"])) as [Written];
  const gone = await told("complained", null, { tenantId: newUuid(), address: "ann@example.com" });
  await told("delivered", delivery.messageId);
  logLines.length = 0;
  await apply();
  expect(await statusOf(delivery.id)).toBe("DELIVERED");
  const row = await database.receipt.findFirst({ where: { account, eventId: gone } });
  expect(row).toMatchObject({ appliedAt: null });
  expect(row?.dueAt?.getTime()).toBeGreaterThan(Date.now() + 50 * 60_000);
  expect(logLines.join()).toContain("could not be applied");
});

test("shuffled and repeated, told to several processes at once: a final state never regresses, usage counts once", async () => {
  const finals: readonly string[] = deliveryStatuses.filter((status) => deliveryMoves[status].length === 0);
  const kinds = [
    "delivered",
    "bounced_soft",
    "bounced_hard",
    "opened",
    "clicked",
    "complained",
    "unsubscribed",
  ] as const;
  const anyStory = fc.record({
    statuses: fc.array(fc.constantFrom<DeliveryStatus>("SENDING", "SENT", "UNKNOWN", "FAILED"), {
      minLength: 1,
      maxLength: 3,
    }),
    events: fc.array(fc.record({ of: fc.nat(2), kind: fc.constantFrom(...kinds), ageMs: fc.nat(60_000) }), {
      minLength: 1,
      maxLength: 12,
    }),
  });
  for (const seed of [1, 2, 3]) {
    const stories = fc.sample(anyStory, { seed, numRuns: 40 });
    const telling: { kind: ReceiptKind; messageId: string; eventId: string; at: Date }[] = [];
    const ids: string[] = [];
    for (const { statuses, events } of stories) {
      const deliveries = await written(statuses);
      ids.push(...deliveries.map(({ id }) => id));
      for (const { of, kind, ageMs } of events) {
        const messageId = deliveries[of % deliveries.length]?.messageId ?? "";
        telling.push({ kind, messageId, eventId: newUuid(), at: new Date(Date.now() - ageMs) });
      }
    }
    const [shuffled] = fc.sample(
      fc.shuffledSubarray([...telling, ...telling, ...telling], { minLength: telling.length * 3 }),
      { seed, numRuns: 1 },
    );
    const statuses = async () => {
      const rows = await database.delivery.findMany({ where: { tenantId, id: { in: ids } } });
      return new Map(rows.map(({ id, status }) => [id, status]));
    };
    let before = await statuses();
    const page = Math.ceil((shuffled ?? []).length / 6);
    for (let start = 0; start < (shuffled ?? []).length; start += page) {
      for (const { kind, messageId, ...more } of (shuffled ?? []).slice(start, start + page)) {
        await told(kind, messageId, more);
      }
      await Promise.all([apply(), apply(), apply()]);
      await apply();
      const after = await statuses();
      for (const [id, status] of before) if (finals.includes(status)) expect(after.get(id)).toBe(status);
      before = after;
    }
    const tellsOutcome = new Set(telling.filter(({ kind }) => kind in outcomes).map(({ messageId }) => messageId));
    const sent = await database.sentMessage.findMany({ where: { account, deliveryId: { in: ids } } });
    for (const { deliveryId: id, providerMessageId } of sent) {
      const isFinal = finals.includes(before.get(id) ?? "");
      if (tellsOutcome.has(providerMessageId)) expect(isFinal).toBe(true);
    }
  }
  const all = await database.delivery.groupBy({ by: ["status"], where: { tenantId }, _count: true });
  const count = (status: string) => all.find((row) => row.status === status)?._count ?? 0;
  expect((await usage()).delivered).toBe(count("DELIVERED"));
  expect(count("DELIVERED")).toBeGreaterThan(30);
  expect(count("BOUNCED")).toBeGreaterThan(30);
  expect(await database.receipt.count({ where: { account, appliedAt: null } })).toBe(0);
});
