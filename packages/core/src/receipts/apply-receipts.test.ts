import type { ReceiptKind } from "@tidings/channels/receipt";
import { firstUuidAt, newUuid } from "@tidings/shared/ids";
import { type DeliveryStatus, deliveryMoves, deliveryStatuses } from "@tidings/shared/lifecycles";
import fc from "fast-check";
import { expect, test } from "vitest";
import { startReceipts, type Written } from "./testing/start-receipts";

const { at, database, queued, logLines, written, told, apply, statusOf, notificationStatus, usage } =
  await startReceipts();

const bounces = { delivered: null, bounced_hard: "hard", bounced_soft: "soft" } as const;
const outcomes = { delivered: "DELIVERED", bounced_hard: "BOUNCED", bounced_soft: "BOUNCED" } as const;
const cases = deliveryStatuses
  .filter((status) => status !== "QUEUED")
  .flatMap((from) => (["delivered", "bounced_hard", "bounced_soft"] as const).map((kind) => ({ from, kind })));

test.each(cases)("a delivery that is $from and is told $kind moves as its lifecycle allows", async ({ from, kind }) => {
  const [delivery] = (await written([from])) as [Written];
  await told(kind, delivery.messageId, { reason: "550 no such user" });
  expect(await apply()).toBe(1);
  const isAllowed = (deliveryMoves[from] as readonly string[]).includes(outcomes[kind]);
  const row = await database.delivery.findFirst({ where: { tenantId: at.tenantId, id: delivery.id } });
  expect(row?.status).toBe(isAllowed ? outcomes[kind] : from);
  expect(row?.reason).toBe(isAllowed ? "550 no such user" : null);
  expect(row?.bounce).toBe(isAllowed ? bounces[kind] : null);
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
  expect(await database.delivery.findFirst({ where: { tenantId: at.tenantId, id: delivery.id } })).toMatchObject({
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
  const row = await database.delivery.findFirst({ where: { tenantId: at.tenantId, id: delivery.id } });
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
  const waiting = await database.receipt.findFirst({ where: { account: at.account, eventId } });
  expect(waiting?.appliedAt).toBeNull();
  expect(waiting?.dueAt?.getTime()).toBeGreaterThan(Date.now());

  const [delivery] = (await written(["SENT"])) as [Written];
  await database.sentMessage.updateMany({ where: { account: at.account }, data: { providerMessageId: "msg-late" } });
  await database.receipt.updateMany({ where: { account: at.account, eventId }, data: { dueAt: new Date(0) } });
  await apply();
  expect(await statusOf(delivery.id)).toBe("DELIVERED");
  expect(await database.receipt.findFirst({ where: { account: at.account, eventId } })).toMatchObject({
    tenantId: at.tenantId,
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
  const row = await database.receipt.findFirst({ where: { account: at.account, eventId: old } });
  expect(row?.dueAt?.getTime()).toBeGreaterThan(Date.now() + 9 * hourMs);
  expect(await database.receipt.findFirst({ where: { account: at.account, eventId: tooOld } })).toMatchObject({
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
  await database.delivery.updateMany({ where: { tenantId: at.tenantId, id: delivery.id }, data: { status: "SENT" } });
  await database.receipt.updateMany({ where: { account: at.account, eventId }, data: { dueAt: new Date(0) } });
  await apply();
  expect(await statusOf(delivery.id)).toBe("DELIVERED");
});

test("endpoints are told of what moved once, and of every open and click", async () => {
  const endpoint = {
    tenantId: at.tenantId,
    mode: "live",
    url: "https://example.com",
    events: ["*"],
    sealedSecret: "sealed",
  };
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
  const reports = await database.report.findMany({ where: { tenantId: at.tenantId }, orderBy: { sequence: "asc" } });
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
  const told2 = await database.report.findMany({
    where: { tenantId: at.tenantId, notificationId: late.notificationId },
  });
  expect(told2.map(({ type }) => type).toSorted()).toEqual(["delivery.bounced", "notification.failed"]);
  const bounce = { kind: "soft", reason: "452 mailbox full" };
  expect(told2.find(({ type }) => type === "delivery.bounced")?.facts).toMatchObject({ bounce });
});

test("a receipt that can't be applied hurts only itself", async () => {
  const [delivery] = (await written(["SENT"])) as [Written];
  const gone = await told("complained", null, { tenantId: newUuid(), address: "ann@example.com" });
  await told("delivered", delivery.messageId);
  logLines.length = 0;
  await apply();
  expect(await statusOf(delivery.id)).toBe("DELIVERED");
  const row = await database.receipt.findFirst({ where: { account: at.account, eventId: gone } });
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
      const rows = await database.delivery.findMany({ where: { tenantId: at.tenantId, id: { in: ids } } });
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
    const sent = await database.sentMessage.findMany({ where: { account: at.account, deliveryId: { in: ids } } });
    for (const { deliveryId: id, providerMessageId } of sent) {
      const isFinal = finals.includes(before.get(id) ?? "");
      if (tellsOutcome.has(providerMessageId)) expect(isFinal).toBe(true);
    }
  }
  const all = await database.delivery.groupBy({ by: ["status"], where: { tenantId: at.tenantId }, _count: true });
  const count = (status: string) => all.find((row) => row.status === status)?._count ?? 0;
  expect((await usage()).delivered).toBe(count("DELIVERED"));
  expect(count("DELIVERED")).toBeGreaterThan(30);
  expect(count("BOUNCED")).toBeGreaterThan(30);
  expect(await database.receipt.count({ where: { account: at.account, appliedAt: null } })).toBe(0);
});
