import { openDatabase } from "@tidings/db/client";
import { newUuid, publicId } from "@tidings/shared/ids";
import { afterAll, describe, expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { createTenant } from "./create-tenant";
import { getTenantBySlug } from "./get-tenant-by-slug";
import { listTenants } from "./list-tenants";
import { presentTenant } from "./present-tenant";
import { createTenantBody, publicTenant, updateTenantBody } from "./tenant-schemas";
import { updateTenant } from "./update-tenant";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 5, applicationName: "test" });
afterAll(() => database.$disconnect());

describe("createTenant", () => {
  it.each([
    ["Acme Shop", "acme-shop"],
    ["  Café São João!  ", "cafe-sao-joao"],
    [`${"a".repeat(47)} b`, "a".repeat(47)],
  ])("makes a slug from the name %j", async (name, slug) => {
    expect(await createTenant(database, { name })).toMatchObject({ name, slug });
  });

  it("takes the slug it is given", async () => {
    expect(await createTenant(database, { name: "Émile", slug: "given" })).toMatchObject({ slug: "given" });
  });

  it("refuses a slug that another tenant has", async () => {
    await createTenant(database, { name: "First", slug: "taken" });
    await expect(createTenant(database, { name: "Taken" })).rejects.toMatchObject({ code: "already_exists" });
  });

  it("asks for a slug when the name gives none", async () => {
    await expect(createTenant(database, { name: "東京" })).rejects.toMatchObject({
      code: "invalid_body",
      faults: [{ pointer: "/slug" }],
    });
  });
});

it("finds a tenant by its slug, and says when there is none", async () => {
  const tenant = await createTenant(database, { name: "Findable" });
  expect(await getTenantBySlug(database, "findable")).toEqual(tenant);
  await expect(getTenantBySlug(database, "nobody")).rejects.toMatchObject({ code: "not_found" });
});

it("pages through all tenants, oldest first", async () => {
  for (const name of ["one", "two", "three"]) await createTenant(database, { name });
  const all = await listTenants(database, { limit: 100 });
  expect(all).toMatchObject({ hasMore: false });
  expect(all.rows.map(({ name }) => name).slice(-3)).toEqual(["one", "two", "three"]);

  const first = await listTenants(database, { limit: 2 });
  expect(first).toEqual({ rows: all.rows.slice(0, 2), hasMore: true });
  const rest = await listTenants(database, { limit: 100, after: first.rows.at(-1)?.id });
  expect(rest).toEqual({ rows: all.rows.slice(2), hasMore: false });
});

it("shows a tenant as the contract says", async () => {
  const tenant = await createTenant(database, { name: "Shown" });
  expect(publicTenant.strict().parse(presentTenant(tenant))).toEqual({
    id: publicId("tenant", tenant.id),
    name: "Shown",
    slug: "shown",
    plan: "unlimited",
    contactEmail: null,
    usesPlatformAccounts: true,
    tracksOpens: false,
    tracksClicks: false,
    requestsPerSecond: null,
    createdAt: tenant.createdAt.toISOString(),
  });
});

describe("updateTenant", () => {
  it("changes what is given and leaves the rest", async () => {
    const { id } = await createTenant(database, { name: "Changed", plan: "free", contactEmail: "team@example.com" });
    expect(await updateTenant(database, id, { plan: "growth" })).toMatchObject({
      name: "Changed",
      plan: "growth",
      contactEmail: "team@example.com",
    });
    expect(await updateTenant(database, id, { name: "New", contactEmail: null })).toMatchObject({
      name: "New",
      plan: "growth",
      contactEmail: null,
    });
  });

  it("refuses a tenant that does not exist, a plan that does not, and an address that is none", async () => {
    await expect(updateTenant(database, newUuid(), { plan: "free" })).rejects.toMatchObject({ code: "not_found" });
    expect(updateTenantBody.safeParse({ plan: "gold" }).success).toBe(false);
    expect(updateTenantBody.safeParse({ contactEmail: "team" }).success).toBe(false);
  });
});

describe("createTenantBody", () => {
  it.each([
    ["an unknown field", { name: "n", colour: "red" }],
    ["a plan that does not exist", { name: "n", plan: "gold" }],
    ["an empty name", { name: " " }],
    ["capitals in the slug", { name: "n", slug: "Acme" }],
    ["hyphens at the slug's end", { name: "n", slug: "acme-" }],
    ["a slug that is too long", { name: "n", slug: "a".repeat(49) }],
  ])("refuses %s", (_, input) => expect(createTenantBody.safeParse(input).success).toBe(false));
});
