import type { Prisma } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import type { ErasedCounts, PublicErasure } from "./person-schemas";

/** An erasure as its tenant sees it. */
export function presentErasure({ id, requestedBy, erased, createdAt }: Prisma.ErasureModel): PublicErasure {
  return {
    id: publicId("erasure", id),
    requestedBy,
    erased: erased as ErasedCounts,
    createdAt: createdAt.toISOString(),
  };
}
