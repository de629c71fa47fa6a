import { type Database, Prisma } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { unpaidPlan } from "@tidings/shared/plans";
import { Refusal } from "@tidings/shared/refusals";
import { reservedSlugs } from "@tidings/shared/reserved-slugs";
import { slugOf } from "../tenants/create-tenant";
import { requireRoomToOwn } from "./require-room-to-own";

/** How many names with a number at their end are tried before giving up. */
const tries = 20;

/**
 * Makes a tenant and its first owner.
 * @param plan the plan new tenants start on
 * @returns the tenant; its slug is made from the name, with a number when another has it
 * @throws {Refusal} `invalid_body` when no slug can be made, and that of {@link requireRoomToOwn} on `unpaidPlan`
 */
export async function foundTenant(
  database: Database,
  { name, plan, owner }: { name: string; plan: string; owner: { id: string; email: string } },
): Promise<Prisma.TenantModel> {
  const slug = slugOf(name);
  for (let attempt = reservedSlugs.has(slug) ? 2 : 1; attempt <= tries; attempt += 1) {
    const candidate = attempt === 1 ? slug : `${slug.slice(0, 44)}-${attempt}`;
    try {
      return await database.$transaction(async (transaction) => {
        if (plan === unpaidPlan) await requireRoomToOwn(transaction, owner.id);
        return transaction.tenant.create({
          data: {
            id: newUuid(),
            name,
            slug: candidate,
            plan,
            contactEmail: owner.email,
            members: { create: { id: newUuid(), userId: owner.id, role: "owner" } },
          },
        });
      });
    } catch (error) {
      if (!(error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002")) throw error;
    }
  }
  throw new Refusal("already_exists", `There are many tenants called ${name} already: choose another name.`);
}
