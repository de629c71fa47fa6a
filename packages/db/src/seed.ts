import { newUuid } from "@tidings/shared/ids";
import type { Database, Prisma } from "./client";

/** A recipient as a tenant would have stored it. */
export interface SeedRecipient {
  id: string;
  addresses: Record<string, string>;
  locale: string;
  timeZone: string;
  data: Prisma.InputJsonObject;
  devices: { token: string; platform: string }[];
}

/**
 * A tenant with a recipient, where they are missing. What is there stays as somebody may have changed it.
 * Safe to repeat, also at the same moment.
 */
export async function seedTenant(
  database: Database,
  { name, slug, recipient }: { name: string; slug: string; recipient: SeedRecipient },
): Promise<Prisma.TenantModel> {
  await database.tenant.createMany({ data: { id: newUuid(), name, slug }, skipDuplicates: true });
  const tenant = await database.tenant.findUniqueOrThrow({ where: { slug } });
  const { devices, ...person } = recipient;
  const seeded = await database.recipient.createMany({
    data: { tenantId: tenant.id, ...person },
    skipDuplicates: true,
  });
  if (seeded.count > 0) {
    const owner = { tenantId: tenant.id, recipientId: recipient.id };
    const data = devices.map((device) => ({ id: newUuid(), ...owner, ...device }));
    await database.device.createMany({ data, skipDuplicates: true });
  }
  return tenant;
}
