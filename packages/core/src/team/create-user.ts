import { randomBytes } from "node:crypto";
import { type Database, Prisma } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";
import type { SecretHasher } from "../keys/secret-hasher";
import type { CreateUserBody } from "./team-schemas";

export interface CreateUserDeps {
  database: Database;
  /** Of people's passwords: `passwordPepper` and `passwordCost`. */
  passwords: Pick<SecretHasher, "hash">;
}

/**
 * Makes a person who can sign in to the console at once: the address counts as confirmed.
 * @param tenantId uuid of a tenant that they are in from the start, in the role given
 * @returns the person, and the generated password: 24 characters, 144 bits, told this once
 * @throws {Refusal} `already_exists` when somebody has the address
 */
export async function createUser(
  { database, passwords }: CreateUserDeps,
  { email, name, operator, role }: CreateUserBody,
  tenantId?: string,
): Promise<{ user: Prisma.UserModel; password: string }> {
  const password = randomBytes(18).toString("base64url");
  const id = newUuid();
  const hash = await passwords.hash(password);
  try {
    const user = await database.user.create({
      data: {
        ...{ id, email, name, operator, emailVerified: true },
        logins: { create: { id: newUuid(), accountId: id, providerId: "credential", password: hash } },
        ...(tenantId !== undefined && { members: { create: { id: newUuid(), tenantId, role } } }),
      },
    });
    return { user, password };
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002")) throw error;
    throw new Refusal("already_exists", `Somebody with the address ${email} has signed up already.`, { cause: error });
  }
}
