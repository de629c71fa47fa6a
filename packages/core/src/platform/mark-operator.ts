import type { Database, Prisma } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";

/**
 * Makes somebody an operator of the platform, or takes that away. It holds from their next click on.
 * @returns the person, and whether that changed anything
 * @throws {Refusal} `not_found` when nobody has signed up with the address
 */
export async function markOperator(
  database: Database,
  email: string,
  operator: boolean,
): Promise<{ user: Prisma.UserModel; changed: boolean }> {
  const { count } = await database.user.updateMany({ where: { email, operator: !operator }, data: { operator } });
  const user = await database.user.findUnique({ where: { email } });
  if (!user) throw new Refusal("not_found", `Nobody has signed up with the address ${email}.`);
  return { user, changed: count > 0 };
}
