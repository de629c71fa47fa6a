import type { Database } from "@tidings/db/client";
import type { OwnMail, WriteMail } from "./write-mail";

/** What a tenant's team is to know. */
export type TeamMessage = Omit<OwnMail, "to">;

/**
 * Writes to a tenant's team.
 * @returns whether an address of it is known
 */
export type NotifyTeam = (tenantId: string, message: TeamMessage) => Promise<boolean>;

/** Writes to a team at the tenant's contact address; without one, to its owners. */
export function createNotifyTeam({ database, writeMail }: { database: Database; writeMail: WriteMail }): NotifyTeam {
  return async (tenantId, { key, ...words }) => {
    const addresses = await teamAddresses(database, tenantId);
    for (const to of addresses) await writeMail({ to, key: `team ${tenantId} ${to} ${key}`, ...words });
    return addresses.length > 0;
  };
}

async function teamAddresses(database: Database, tenantId: string): Promise<string[]> {
  const tenant = await database.tenant.findUnique({ where: { id: tenantId }, select: { contactEmail: true } });
  if (tenant?.contactEmail) return [tenant.contactEmail];
  const owners = await database.member.findMany({
    where: { tenantId, role: "owner" },
    select: { user: { select: { email: true } } },
    take: 10,
  });
  return owners.map(({ user }) => user.email);
}
