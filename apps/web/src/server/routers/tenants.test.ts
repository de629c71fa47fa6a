import { newUuid, publicId } from "@tidings/shared/ids";
import { TRPCError } from "@trpc/server";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openTestConsole, type TestConsole, type TestPerson } from "../testing/test-console";

let console: TestConsole;
let operator: TestPerson;
let tenant: { id: string; slug: string };
beforeAll(async () => {
  console = await openTestConsole();
});
afterAll(() => console?.close());
beforeEach(async () => {
  operator = await console.person({ operator: true });
  tenant = await console.tenant();
});

/** The code that a call is refused with; null when it is not. */
async function refusal(calling: Promise<unknown>): Promise<string | null> {
  try {
    await calling;
    return null;
  } catch (error) {
    if (error instanceof TRPCError) return error.code;
    throw error;
  }
}

const audited = async (tenantId: string | null) =>
  (await console.database.auditEntry.findMany({ where: { tenantId }, orderBy: { id: "asc" } })).map(
    ({ action, actor }) => ({ action, actor }),
  );

describe("a support visit", () => {
  const place = () => ({ tenant: tenant.slug, mode: "live" as const, filters: {} });
  const open = () => console.as(operator).tenants.openVisit({ slug: tenant.slug, reason: "Ticket 42: no mails" });

  it("shows a tenant's console, changes nothing, and stands in the tenant's audit log", async () => {
    const caller = () => console.as(operator);
    expect(await refusal(caller().messages.list(place()))).toBe("NOT_FOUND");
    await open();
    expect(await refusal(caller().messages.list(place()))).toBeNull();
    expect(await refusal(caller().templates.recentData({ ...place(), key: "none" }))).not.toBe("FORBIDDEN");
    expect(await refusal(caller().keys.list(place()))).toBe("FORBIDDEN");
    expect(await refusal(caller().audit.list(place()))).toBe("FORBIDDEN");
    expect(await refusal(caller().team.invite({ ...place(), email: "me@example.com", role: "owner" }))).toBe(
      "FORBIDDEN",
    );
    expect(await audited(tenant.id)).toEqual([{ action: "support.opened", actor: operator.email }]);

    await caller().tenants.endVisit({ slug: tenant.slug });
    expect(await refusal(caller().messages.list(place()))).toBe("NOT_FOUND");
    expect((await audited(tenant.id)).at(-1)?.action).toBe("support.closed");
  });

  it("ends after an hour, and with being an operator", async () => {
    await open();
    const visit = await console.database.supportVisit.findFirstOrThrow({ where: { tenantId: tenant.id } });
    expect(visit.until.getTime() - Date.now()).toBeGreaterThan(59 * 60_000);
    expect(visit.until.getTime() - Date.now()).toBeLessThanOrEqual(60 * 60_000);
    await console.database.user.update({ where: { id: operator.id }, data: { operator: false } });
    expect(await refusal(console.as(operator).messages.list(place()))).toBe("NOT_FOUND");
    await console.database.user.update({ where: { id: operator.id }, data: { operator: true } });
    await console.database.supportVisit.update({ where: { id: visit.id }, data: { until: new Date() } });
    expect(await refusal(console.as(operator).messages.list(place()))).toBe("NOT_FOUND");
  });

  it("is one operator's, into one tenant, for a reason", async () => {
    await open();
    const other = await console.tenant();
    expect(await refusal(console.as(operator).messages.list({ ...place(), tenant: other.slug }))).toBe("NOT_FOUND");
    const colleague = await console.person({ operator: true });
    expect(await refusal(console.as(colleague).messages.list(place()))).toBe("NOT_FOUND");
    expect(await refusal(console.as(operator).tenants.openVisit({ slug: other.slug, reason: " " }))).toBe(
      "BAD_REQUEST",
    );
  });

  it("asks for the second factor that the team must have", async () => {
    await console.database.tenant.update({ where: { id: tenant.id }, data: { requiresTwoFactor: true } });
    expect(await refusal(open())).toBe("CONFLICT");
    operator = await console.person({ operator: true, twoFactorEnabled: true });
    expect(await refusal(open())).toBeNull();
  });

  it("does not lead into the tenant that links to sign in are sent from", async () => {
    await console.database.tenant.createMany({
      data: { id: newUuid(), name: "Tidings itself", slug: "platform" },
      skipDuplicates: true,
    });
    expect(await refusal(console.as(operator).tenants.openVisit({ slug: "platform", reason: "curious" }))).toBe(
      "CONFLICT",
    );
  });
});

it("nothing of the platform is shown to an operator without the second factor that operators need", async () => {
  const strict = await openTestConsole({ OPERATOR_SECOND_FACTOR: "required" });
  try {
    const [without, having] = [
      await strict.person({ operator: true }),
      await strict.person({ operator: true, twoFactorEnabled: true }),
    ];
    const { id: tenantId, slug } = await strict.tenant();
    const place = { tenant: slug, mode: "live" as const, filters: {} };
    expect(await refusal(strict.as(without).tenants.list({}))).toBe("FORBIDDEN");
    expect(await refusal(strict.as(without).tenants.openVisit({ slug, reason: "Ticket 42" }))).toBe("FORBIDDEN");
    expect(await refusal(strict.as(having).tenants.openVisit({ slug, reason: "Ticket 42" }))).toBeNull();
    expect(await refusal(strict.as(having).messages.list(place))).toBeNull();
    await strict.database.supportVisit.updateMany({ where: { tenantId }, data: { userId: without.id } });
    expect(await refusal(strict.as(without).messages.list(place))).toBe("NOT_FOUND");
  } finally {
    await strict.close();
  }
});

describe("the operator's tenants", () => {
  it("are made with an owner who is invited by mail", async () => {
    const slug = `made-${newUuid()}`;
    const owner = `${newUuid()}@example.com`;
    await console.as(operator).tenants.create({ name: "Made", slug, plan: "free", owner });
    const made = await console.as(operator).tenants.get({ slug });
    expect(made).toMatchObject({ name: "Made", plan: "free", contactEmail: owner, isMember: false });
    expect(made.team.invitations).toMatchObject([{ email: owner, role: "owner" }]);
    const row = await console.database.tenant.findUniqueOrThrow({ where: { slug } });
    expect((await audited(row.id)).map(({ action }) => action)).toEqual(["tenant.created", "member.invited"]);
  });

  it("are found by name, slug or address, with what they did over 30 days", async () => {
    const { id: tenantId, slug } = tenant;
    const usage = { tenantId, mode: "live", channel: "email", provider: "smtp", category: "" };
    const day = new Date(new Date().toISOString().slice(0, 10));
    await console.database.usage.create({ data: { ...usage, day, accepted: 5, sent: 3, failed: 2 } });
    const long = new Date(day.getTime() - 40 * 86_400_000);
    await console.database.usage.create({ data: { ...usage, day: long, accepted: 100, sent: 100 } });
    const { data } = await console.as(operator).tenants.list({ q: slug.slice(5).toUpperCase() });
    expect(data).toMatchObject([{ slug, volume: { accepted: 5, sent: 3, failed: 2 } }]);
  });

  it("get plans and limits beyond their plan's, which their teams can read of", async () => {
    const { slug } = tenant;
    const caller = console.as(operator);
    await caller.tenants.update({ slug, plan: "free" });
    await caller.tenants.setRequestLimit({ slug, requestsPerSecond: 500 });
    await caller.tenants.setChannelLimit({ slug, channel: "email", perSecond: 50 });
    const { plan, limits } = await caller.tenants.get({ slug });
    expect({ plan, requests: limits.ofOperator.requestsPerSecond }).toEqual({ plan: "free", requests: 500 });
    expect(limits.channels).toContainEqual({ channel: "email", perSecond: 50, burst: 50, setBy: "operator" });
    await caller.tenants.setChannelLimit({ slug, channel: "email", perSecond: 40 });
    await caller.tenants.removeChannelLimit({ slug, channel: "email" });
    expect((await caller.tenants.get({ slug })).limits.ofOperator.channels).toEqual({});
    const entries = await console.database.auditEntry.findMany({
      where: { tenantId: tenant.id },
      orderBy: { id: "asc" },
      select: { action: true, target: true, before: true, after: true },
    });
    const [first, second] = [50, 40].map((perSecond) => ({ perSecond, burst: perSecond }));
    expect(entries.slice(1)).toEqual([
      {
        action: "tenant.request_limit_set",
        target: "requests",
        before: { requestsPerSecond: null },
        after: { requestsPerSecond: 500 },
      },
      { action: "tenant.channel_limit_set", target: "email", before: null, after: first },
      { action: "tenant.channel_limit_set", target: "email", before: first, after: second },
      { action: "tenant.channel_limit_removed", target: "email", before: second, after: null },
    ]);
  });

  it("keep limits that their operator set, whatever their teams do", async () => {
    const member = await console.person();
    const { slug } = await console.tenant([[member, "owner"]]);
    const owner = console.as(member);
    const place = { tenant: slug, mode: "live" as const };
    await console.as(operator).tenants.setRequestLimit({ slug, requestsPerSecond: 5 });
    await console.as(operator).tenants.setChannelLimit({ slug, channel: "email", perSecond: 2 });
    expect(await refusal(owner.limits.setRequests({ ...place, requestsPerSecond: 6 }))).toBe("UNPROCESSABLE_CONTENT");
    expect(await refusal(owner.limits.setChannel({ ...place, channel: "email", perSecond: 3 }))).toBe(
      "UNPROCESSABLE_CONTENT",
    );
    expect(await refusal(owner.limits.removeChannel({ ...place, channel: "email" }))).toBe("NOT_FOUND");
    await owner.limits.setRequests({ ...place, requestsPerSecond: null });
    await owner.limits.setChannel({ ...place, channel: "email", perSecond: 1 });
    const limits = await owner.limits.get(place);
    expect(limits.requests).toMatchObject({ own: null, inForce: { perSecond: 5, setBy: "operator" } });
    expect(limits.channels.find(({ channel }) => channel === "email")).toMatchObject({
      own: { perSecond: 1 },
      most: { perSecond: 2, setBy: "operator" },
      inForce: { perSecond: 1, setBy: "team" },
    });
    await owner.limits.removeChannel({ ...place, channel: "email" });
    const { channels } = (await console.as(operator).tenants.get({ slug })).limits;
    expect(channels).toEqual([{ channel: "email", perSecond: 2, burst: 2, setBy: "operator" }]);
  });
});

describe("the operator's dead letters", () => {
  async function addLetter(status: "PENDING" | "SENT" | null) {
    const id = newUuid();
    const letter = { topic: "t", partition: 0, position: newUuid(), payload: Buffer.from("{ not json"), reason: id };
    const data = { ...letter, id, payload: new Uint8Array(letter.payload) };
    if (status === null) return console.database.deadLetter.create({ data });
    const notificationId = newUuid();
    await console.database.notification.create({
      data: {
        ...{ id: notificationId, tenantId: tenant.id, mode: "test", status, priority: 2, bulk: false },
        ...{ addresses: { email: "a@example.com" }, channels: ["email"], requestId: "req_1", createdAt: new Date() },
      },
    });
    return console.database.deadLetter.create({ data: { ...data, tenantId: tenant.id, mode: "test", notificationId } });
  }

  it("show what they say, also what nobody could read", async () => {
    const letter = await addLetter(null);
    const { data } = await console.as(operator).deadLetters.list({ q: letter.reason.toUpperCase() });
    expect(data).toMatchObject([{ payload: "{ not json", tenant: null, notificationId: null, replayedAt: null }]);
    const id = publicId("deadLetter", letter.id);
    expect(await refusal(console.as(operator).deadLetters.replay({ id }))).toBe("CONFLICT");
  });

  it("are replayed one by one or all of a tenant but for those whose message went on, each on record", async () => {
    await console.house.eventLog.ensureTopics(
      ["notifications", "notifications.bulk"].map((name) => ({
        name: `${console.house.namespace}.${name}`,
        partitions: 1,
      })),
    );
    const [first] = [await addLetter("PENDING"), await addLetter("PENDING"), await addLetter("SENT")];
    const caller = console.as(operator);
    await caller.deadLetters.replay({ id: publicId("deadLetter", first.id) });
    expect((await audited(tenant.id)).map(({ action }) => action)).toEqual(["dead_letter.replayed"]);
    const counts = await caller.deadLetters.replayAll({ tenant: tenant.slug });
    expect(counts).toEqual({ replayed: 1, left: 0, isComplete: true });
    const all = (await caller.deadLetters.list({ tenant: tenant.slug })).data;
    expect(all.map(({ notificationStatus }) => notificationStatus)).toEqual(["SENT", "PENDING", "PENDING"]);
    const { data } = await caller.deadLetters.list({ tenant: tenant.slug, state: "replayed" });
    expect(data).toHaveLength(2);
    expect((await audited(null)).at(-1)).toEqual({ action: "dead_letter.many_replayed", actor: operator.email });
  });
});
