import { newUuid } from "@tidings/shared/ids";
import type { Database, Prisma } from "./client";

/** A tenant nobody else knows, for one suite of tests. */
export function createTestTenant(
  database: Database,
  overrides: Partial<Prisma.TenantUncheckedCreateInput> = {},
): Promise<Prisma.TenantModel> {
  const id = newUuid();
  return database.tenant.create({ data: { id, name: "Test tenant", slug: `test-${id}`, ...overrides } });
}

/** A recipient of a tenant, with an address for every channel. */
export function createTestRecipient(
  database: Database,
  tenantId: string,
  overrides: Partial<Prisma.RecipientUncheckedCreateInput> = {},
): Promise<Prisma.RecipientModel> {
  const id = `usr_${newUuid()}`;
  const addresses = { email: `${id}@example.com`, phone: "+14155550100", url: "https://example.com/hook" };
  return database.recipient.create({
    data: {
      tenantId,
      id,
      addresses,
      devices: { create: { id: newUuid(), token: `device-${id}`, platform: "android" } },
      ...overrides,
    },
  });
}

/** A template of a tenant with one published version. */
export function createTestTemplate(
  database: Database,
  tenantId: string,
  content: Prisma.InputJsonObject,
  overrides: Partial<Prisma.TemplateUncheckedCreateInput> = {},
): Promise<Prisma.TemplateModel> {
  const id = newUuid();
  return database.template.create({
    data: {
      id,
      tenantId,
      key: `template_${id.replaceAll("-", "")}`,
      name: "Test template",
      draft: content,
      publishedVersion: 1,
      versions: { create: { version: 1, content, variables: [] } },
      ...overrides,
    },
  });
}
