import type { Prisma } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import { type ErasedCounts, nothingErased, type PublicErasure } from "./person-schemas";

/** An erasure as its tenant sees it. */
export function presentErasure({ id, requestedBy, erased, createdAt }: Prisma.ErasureModel): PublicErasure {
  return {
    id: publicId("erasure", id),
    requestedBy,
    erased: { ...nothingErased, ...(erased as Partial<ErasedCounts>) }, // older ones did not count everything
    createdAt: createdAt.toISOString(),
  };
}
