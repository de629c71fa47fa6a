import { newUuid, publicId } from "@tidings/shared/ids";
import { type Action, actions, can, type Role, roles } from "@tidings/shared/roles";
import { TRPCError } from "@trpc/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appRouter } from "./app-router";
import { openTestConsole, type TestConsole, type TestPerson } from "./testing/test-console";
import type { ProcedureMeta } from "./trpc";

interface Procedure {
  path: string;
  type: "query" | "mutation" | "subscription";
  meta: ProcedureMeta | undefined;
}

const procedures: Procedure[] = Object.entries(appRouter._def.procedures as object).map(([path, procedure]) => {
  const { type, meta } = (procedure as { _def: Omit<Procedure, "path"> })._def;
  return { path, type, meta };
});
const isAction = (access: string | undefined): access is Action =>
  access !== undefined && Object.hasOwn(actions, access);
const tenantProcedures = procedures.filter(({ meta }) => isAction(meta?.access));

let console: TestConsole;
const members = new Map<Role, TestPerson>();
let stranger: TestPerson;
let tenant: { id: string; slug: string };
let foreign: Foreign;

beforeAll(async () => {
  console = await openTestConsole();
  for (const role of roles) members.set(role, await console.person());
  stranger = await console.person();
  tenant = await console.tenant([...members].map(([role, person]) => [person, role] as const));
  foreign = await createForeignThings(console);
});
afterAll(() => console?.close());

/** Calls a procedure by its path. @returns the code it was refused with, or what it answered */
async function call(
  person: TestPerson | null,
  path: string,
  input: unknown,
): Promise<{ code?: string; answer?: unknown }> {
  const caller = console.as(person) as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>;
  const [area = "", name = ""] = path.split(".");
  try {
    return { answer: await caller[area]?.[name]?.(input) };
  } catch (error) {
    if (error instanceof TRPCError) return { code: error.code };
    throw error;
  }
}

const place = () => ({ tenant: tenant.slug, mode: "test" });

describe("every procedure", () => {
  it.each(procedures)("$path says who may call it, and what a change leaves in the audit log", ({ type, meta }) => {
    expect(meta?.access).toBeDefined();
    if (type === "mutation") expect(meta?.audit).toMatch(/^[a-z_]+\.[a-z_]+$/);
    else expect(meta?.audit).toBeUndefined();
  });

  it.each(procedures.filter(({ meta }) => meta?.access !== "anybody"))(
    "$path is refused to who is not signed in",
    async ({ path }) => {
      expect(await call(null, path, place())).toEqual({ code: "UNAUTHORIZED" });
    },
  );

  it.each(procedures.filter(({ meta }) => meta?.access === "operator"))(
    "$path is refused to who is no operator",
    async ({ path }) => {
      expect(await call(members.get("owner") ?? null, path, place())).toEqual({ code: "FORBIDDEN" });
    },
  );
});

describe("every procedure of a tenant", () => {
  it.each(tenantProcedures)("$path finds no tenant for who is not of its team", async ({ path }) => {
    expect(await call(stranger, path, place())).toEqual({ code: "NOT_FOUND" });
  });

  const matrix = tenantProcedures.flatMap(({ path, meta }) =>
    roles.map((role) => ({ path, role, action: meta?.access as Action })),
  );

  it.each(matrix.filter(({ role, action }) => !can(role, action)))(
    "$path is refused to $role",
    async ({ path, role }) => {
      expect(await call(members.get(role) ?? null, path, place())).toEqual({ code: "FORBIDDEN" });
    },
  );

  // Without the rest of the input nothing is done: what counts is that it is not the role that stands in the way.
  it.each(matrix.filter(({ role, action }) => can(role, action)))("$path is open to $role", async ({ path, role }) => {
    const { code } = await call(members.get(role) ?? null, path, place());
    expect(code).not.toBe("FORBIDDEN");
    expect(code).not.toBe("INTERNAL_SERVER_ERROR");
  });
});

/** Things of another tenant, by their public ids. */
type Foreign = Awaited<ReturnType<typeof createForeignThings>>;

/** In everything that is another tenant's, so that it is seen wherever it comes through. */
const marker = "not-yours";

/** What is asked of each procedure that takes the name of a thing; null for those that take none. */
const foreignInputs: Record<string, ((things: Foreign) => Record<string, unknown>) | null> = {
  "audit.list": null,
  "audit.terms": null,
  "billing.cancel": null,
  "billing.change": null,
  "billing.checkout": null,
  "billing.get": null,
  "billing.invoices": null,
  "billing.keep": null,
  "billing.metered": null,
  "billing.offers": null,
  "billing.portal": null,
  "billing.preview": null,
  "categories.delete": ({ category }) => ({ key: category }),
  "categories.list": null,
  "categories.put": null,
  "find.anything": ({ template }) => ({ q: template }),
  "keys.create": null,
  "keys.list": null,
  "keys.revoke": ({ key }) => ({ id: key }),
  "limits.get": null,
  "limits.removeChannel": null,
  "limits.setChannel": null,
  "limits.setRequests": null,
  "messages.cancel": ({ message }) => ({ id: message }),
  "messages.content": ({ delivery }) => ({ id: delivery }),
  "messages.list": ({ message }) => ({ filters: { q: message } }),
  "messages.live": null,
  "messages.resend": ({ message }) => ({ id: message }),
  "messages.send": null,
  "messages.story": ({ message }) => ({ id: message }),
  "messages.watch": ({ message }) => ({ id: message }),
  "overview.checklist": null,
  "overview.get": null,
  "providers.create": null,
  "providers.get": ({ account }) => ({ id: account }),
  "providers.list": null,
  "providers.order": ({ account }) => ({ tiers: [[account]] }),
  "providers.remove": ({ account }) => ({ id: account }),
  "providers.test": ({ account }) => ({ id: account, channel: "email", to: "ann@example.com" }),
  "providers.types": null,
  "providers.update": ({ account }) => ({ id: account, name: "mine now" }),
  "recipients.create": null,
  "recipients.delete": ({ recipient }) => ({ id: recipient }),
  "recipients.erase": ({ recipient }) => ({ person: { id: recipient } }),
  "recipients.erasures": null,
  "recipients.get": ({ recipient }) => ({ id: recipient }),
  "recipients.list": ({ recipient }) => ({ q: recipient }),
  "recipients.messages": ({ recipient }) => ({ id: recipient }),
  "recipients.removeDevice": ({ recipient }) => ({ id: recipient, token: marker }),
  "recipients.suppressions": ({ recipient }) => ({ id: recipient }),
  "recipients.update": ({ recipient }) => ({ id: recipient, email: "mine@example.com" }),
  "settings.erase": null,
  "settings.get": null,
  "settings.requireTwoFactor": null,
  "settings.update": null,
  "suppressions.categories": null,
  "suppressions.create": null,
  "suppressions.lift": ({ suppression }) => ({ ids: [suppression] }),
  "suppressions.list": ({ address }) => ({ q: address }),
  "team.cancelInvitation": ({ invitation }) => ({ id: invitation }),
  "team.changeRole": ({ member }) => ({ id: member, role: "viewer" }),
  "team.invite": null,
  "team.list": null,
  "team.remove": ({ member }) => ({ id: member }),
  "team.resendInvitation": ({ invitation }) => ({ id: invitation }),
  "templates.categories": null,
  "templates.create": null,
  "templates.delete": ({ template }) => ({ key: template }),
  "templates.get": ({ template }) => ({ key: template }),
  "templates.layouts": null,
  "templates.list": ({ template }) => ({ q: template }),
  "templates.preview": ({ template }) => ({ key: template, channel: "email", data: {} }),
  "templates.publish": ({ template }) => ({ key: template }),
  "templates.recentData": ({ template }) => ({ key: template }),
  "templates.rollBack": ({ template }) => ({ key: template, version: 1 }),
  "templates.sendTest": ({ template }) => ({
    key: template,
    channel: "email",
    to: { address: "ann@example.com" },
    data: {},
  }),
  "templates.update": ({ template }) => ({ key: template, name: "mine now" }),
  "templates.versions": ({ template }) => ({ key: template }),
  "usage.get": null,
  "usage.quotas": null,
  "webhooks.categories": null,
  "webhooks.checkUrl": null,
  "webhooks.create": null,
  "webhooks.delete": ({ endpoint }) => ({ id: endpoint }),
  "webhooks.get": ({ endpoint }) => ({ id: endpoint }),
  "webhooks.hours": ({ endpoint }) => ({ id: endpoint }),
  "webhooks.list": null,
  "webhooks.recover": ({ endpoint }) => ({ id: endpoint, since: new Date().toISOString() }),
  "webhooks.redeliver": ({ report }) => ({ report }),
  "webhooks.replay": ({ endpoint }) => ({ id: endpoint, since: new Date().toISOString() }),
  "webhooks.report": ({ report }) => ({ report }),
  "webhooks.reports": ({ endpoint }) => ({ id: endpoint, filters: {} }),
  "webhooks.rotateSecret": ({ endpoint }) => ({ id: endpoint }),
  "webhooks.showSecret": ({ endpoint }) => ({ id: endpoint }),
  "webhooks.test": ({ endpoint }) => ({ id: endpoint, type: "delivery.sent" }),
  "webhooks.update": ({ endpoint }) => ({ id: endpoint, description: "mine now" }),
};

/** Erases what the tenant itself holds of somebody, of whom it need not have a recipient. */
const erasesNothing = new Set(["recipients.erase"]);
/** `template_not_found` is a fault of the body, as for `POST /v1/notifications`. */
const refusedAsAcceptDoes = new Set(["templates.sendTest"]);

describe("another tenant's things", () => {
  it("have an entry here for every procedure of a tenant", () => {
    expect(Object.keys(foreignInputs).sort()).toEqual(tenantProcedures.map(({ path }) => path).sort());
  });

  const naming = tenantProcedures.filter(({ path }) => foreignInputs[path]);

  it.each(naming)("do not exist for $path", async ({ path, type }) => {
    const { code, answer } = await call(members.get("owner") ?? null, path, {
      ...place(),
      ...foreignInputs[path]?.(foreign),
    });
    if (erasesNothing.has(path)) expect(code).toBeUndefined();
    else if (type === "mutation")
      expect(code).toBe(refusedAsAcceptDoes.has(path) ? "UNPROCESSABLE_CONTENT" : "NOT_FOUND");
    else if (type === "subscription") await expect(firstOf(answer)).rejects.toThrow();
    else expect(code === "NOT_FOUND" || !JSON.stringify(answer).includes(marker)).toBe(true);
  });

  it("are as they were after all of that", async () => {
    expect(await console.database.template.count({ where: { tenantId: foreign.tenantId } })).toBe(1);
    expect(await console.database.apiKey.count({ where: { tenantId: foreign.tenantId, revokedAt: null } })).toBe(1);
    expect(await console.database.endpoint.count({ where: { tenantId: foreign.tenantId } })).toBe(1);
    expect(await console.database.recipient.count({ where: { tenantId: foreign.tenantId } })).toBe(1);
    expect(await console.database.suppression.count({ where: { tenantId: foreign.tenantId } })).toBe(1);
    expect(await console.database.member.count({ where: { tenantId: foreign.tenantId } })).toBe(1);
  });
});

async function firstOf(stream: unknown): Promise<unknown> {
  for await (const item of stream as AsyncIterable<unknown>) return item;
  return undefined;
}

async function createForeignThings({ database, person, tenant }: TestConsole) {
  const owner = await person();
  const { id: tenantId } = await tenant([[owner, "owner"]]);
  const owned = () => ({ id: newUuid(), tenantId });
  const [key, template, account, endpoint, suppression, invitation, report, message] = Array.from({ length: 8 }, owned);
  const ids = { key, template, account, endpoint, suppression, invitation, report, message };
  const of = (name: keyof typeof ids) => ids[name] as { id: string; tenantId: string };
  const address = `${marker}@example.com`;
  const test = { mode: "test" };
  await database.apiKey.create({
    data: { ...of("key"), ...test, keyId: marker, name: marker, scopes: [], secretHash: "" },
  });
  await database.template.create({ data: { ...of("template"), key: marker, name: marker, draft: {} } });
  await database.providerAccount.create({
    data: {
      ...of("account"),
      provider: "smtp",
      name: marker,
      channels: ["email"],
      sealedConfig: "",
      receiptToken: marker,
    },
  });
  await database.endpoint.create({
    data: { ...of("endpoint"), ...test, url: `https://${marker}.example.com`, events: ["*"], sealedSecret: "" },
  });
  await database.recipient.create({ data: { tenantId, id: marker, addresses: { email: address } } });
  await database.device.create({ data: { ...owned(), recipientId: marker, token: marker, platform: "ios" } });
  await database.category.create({ data: { tenantId, key: marker, name: marker } });
  await database.suppression.create({ data: { ...of("suppression"), channel: "email", address, reason: "manual" } });
  await database.invitation.create({
    data: {
      ...of("invitation"),
      email: address,
      role: "viewer",
      tokenHash: marker,
      inviterId: owner.id,
      expiresAt: new Date(Date.now() + 86_400_000),
    },
  });
  await database.report.create({
    data: { ...of("report"), ...test, endpointId: of("endpoint").id, type: "delivery.sent", facts: { marker } },
  });
  await database.notification.create({
    data: {
      ...of("message"),
      ...test,
      status: "SENT",
      priority: 2,
      bulk: false,
      addresses: { email: address },
      channels: ["email"],
      content: { email: { subject: marker } },
      requestId: `req_${marker}`,
      createdAt: new Date(),
      settledAt: new Date(),
    },
  });
  const member = await database.member.findFirstOrThrow({ where: { tenantId } });
  return {
    tenantId,
    address,
    category: marker,
    recipient: marker,
    template: marker,
    key: publicId("key", of("key").id),
    account: publicId("account", of("account").id),
    endpoint: publicId("endpoint", of("endpoint").id),
    suppression: publicId("suppression", of("suppression").id),
    invitation: publicId("invitation", of("invitation").id),
    report: publicId("report", of("report").id),
    message: publicId("notification", of("message").id),
    delivery: publicId("delivery", newUuid()),
    member: publicId("member", member.id),
  };
}
