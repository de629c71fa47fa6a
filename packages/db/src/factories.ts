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
