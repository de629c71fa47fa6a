import type { Database } from "@tidings/db/client";
import type { Role } from "@tidings/shared/roles";

/** A person's place in a tenant. */
export interface Membership {
  tenantId: string;
  name: string;
  slug: string;
  plan: string;
  role: Role;
  requiresTwoFactor: boolean;
  /** Set for an operator who is not of the team and looks in for a while. */
  visit?: { reason: string; until: Date };
}

/** Every tenant a person is in, by name. */
export async function membershipsOf(database: Database, userId: string): Promise<Membership[]> {
  const members = await database.member.findMany({
    where: { userId },
    include: { tenant: true },
    orderBy: { tenant: { name: "asc" } },
  });
  return members.map(({ role, tenant: { id, name, slug, plan, requiresTwoFactor } }) => ({
    tenantId: id,
    name,
    slug,
    plan,
    role: role as Role,
    requiresTwoFactor,
  }));
}
