import { createHmac } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newUuid } from "@tidings/shared/ids";
import { type Action, can, type Role, roles } from "@tidings/shared/roles";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestConsole, type TestConsole, type TestPerson } from "./testing/test-console";

const folder = fileURLToPath(new URL("../app/[tenant]", import.meta.url));

interface TenantRoute {
  method: "GET" | "POST";
  action: Action;
  query?: string;
  /** Of somebody's request, by their name. */
  body?(name: string): string;
}

/** What each route asks of a role, and a request that it grants. */
const routes: Record<string, TenantRoute> = {
  "messages/export": { method: "GET", action: "messages.read" },
  "people/export": { method: "GET", action: "recipients.erase", query: "id=ann" },
  "settings/audit/export": { method: "GET", action: "audit.read" },
  "suppressions/export": { method: "GET", action: "suppressions.read" },
  "suppressions/import": {
    method: "POST",
    action: "suppressions.write",
    body: (name) => `address\n${name}@example.com\n`,
  },
  "usage/export": { method: "GET", action: "usage.read", query: "from=2030-01-01&to=2030-01-31" },
};

type Handler = (request: Request, context: { params: Promise<{ tenant: string }> }) => Promise<Response>;
type RouteModule = Partial<Record<string, Handler>>;

let console: TestConsole;
const members = new Map<Role, TestPerson>();
let stranger: TestPerson;
let tenant: { id: string; slug: string };
let foreign: { id: string; slug: string };

beforeAll(async () => {
  console = await openTestConsole();
  (globalThis as { [key: symbol]: unknown })[Symbol.for("tidings.house")] = console.house; // the one that routes find
  for (const role of roles) members.set(role, await console.person());
  stranger = await console.person();
  tenant = await console.tenant([...members].map(([role, person]) => [person, role] as const));
  foreign = await console.tenant([[stranger, "owner"]]);
  for (const { id: tenantId } of [tenant, foreign])
    await console.database.recipient.create({ data: { tenantId, id: "ann", addresses: {} } });
});
afterAll(() => console?.close());

const load = (path: string) => import(join(folder, path, "route.ts")) as Promise<RouteModule>;

/** Calls a route as a browser does in which somebody is signed in. @returns the status */
async function call(path: string, person: TestPerson | null, name: string, slug = tenant.slug): Promise<number> {
  const { method = "GET", query = "", body } = routes[path] ?? {};
  const handle = (await load(path))[method];
  if (!handle) throw new Error(`${path} has no ${method}`);
  const request = new Request(`http://console.test/${slug}/${path}?mode=test&${query}`, {
    method,
    headers: { "sec-fetch-site": "same-origin", ...(person && { cookie: await cookieOf(person) }) },
    ...(body && { body: body(name) }),
  });
  const response = await handle(request, { params: Promise.resolve({ tenant: slug }) });
  await response.text();
  return response.status;
}

/** A session of somebody's, as better-auth keeps it and signs its cookie. */
async function cookieOf({ id: userId }: TestPerson): Promise<string> {
  const token = newUuid();
  const expiresAt = new Date(Date.now() + 3_600_000);
  await console.database.session.create({ data: { id: newUuid(), userId, token, expiresAt } });
  const signature = createHmac("sha256", console.house.sessionSecret).update(token).digest("base64");
  return `tidings.session_token=${encodeURIComponent(`${token}.${signature}`)}`;
}

const paths = Object.keys(routes);

describe("every route of a tenant", () => {
  it("has an entry here, with its method", async () => {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const found = files.filter((file) => /(^|\/)route\.tsx?$/.test(file)).map((file) => file.replace(/\/route.*$/, ""));
    expect(paths).toEqual(found.sort());
    for (const path of paths)
      expect(Object.keys(await load(path)).filter((name) => /^[A-Z]+$/.test(name))).toEqual([routes[path]?.method]);
  });

  it.each(paths)("%s is refused to who is not signed in", async (path) => {
    expect(await call(path, null, "nobody")).toBe(401);
  });

  it.each(paths)("%s finds no tenant for who is not of its team", async (path) => {
    expect(await call(path, stranger, "stranger")).toBe(404);
  });

  it.each(paths)("%s finds no other tenant for an owner", async (path) => {
    expect(await call(path, members.get("owner") ?? null, "outsider", foreign.slug)).toBe(404);
  });

  const matrix = paths.flatMap((path) => roles.map((role) => ({ path, role, action: routes[path]?.action as Action })));

  it.each(matrix.filter(({ role, action }) => !can(role, action)))(
    "$path is refused to $role",
    async ({ path, role }) => {
      expect(await call(path, members.get(role) ?? null, role)).toBe(403);
    },
  );

  it.each(matrix.filter(({ role, action }) => can(role, action)))("$path is open to $role", async ({ path, role }) => {
    expect(await call(path, members.get(role) ?? null, role)).toBe(200);
  });

  it("has let only those change something who may", async () => {
    const rows = await console.database.suppression.findMany({ orderBy: { address: "asc" } });
    const may = roles.filter((role) => can(role, "suppressions.write"));
    expect(rows.map(({ address }) => address)).toEqual(may.map((role) => `${role}@example.com`).sort());
    expect(rows.filter(({ tenantId }) => tenantId !== tenant.id)).toEqual([]);
  });
});
