import type { Prisma } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import type { DevicePlatform, PublicRecipient } from "./recipient-schemas";

/** A recipient's row with its devices, oldest first. */
export type RecipientRow = Prisma.RecipientGetPayload<{ include: typeof withDevices }>;

/** What makes a query of recipients one of `RecipientRow`s. */
export const withDevices = { devices: { orderBy: { id: "asc" } } } as const satisfies Prisma.RecipientInclude;

/** A stored recipient as its tenant sees it. */
export function presentRecipient(row: RecipientRow): PublicRecipient {
  return {
    id: row.id,
    ...(row.addresses as Record<string, string>),
    locale: row.locale,
    timeZone: row.timeZone,
    data: row.data as Record<string, unknown>,
    devices: row.devices.map(({ id, token, platform, createdAt }) => ({
      id: publicId("device", id),
      token,
      platform: platform as DevicePlatform,
      createdAt: createdAt.toISOString(),
    })),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
