import { importSuppressions } from "@tidings/core/suppressions/import-suppressions";
import { Refusal } from "@tidings/shared/refusals";
import { z } from "zod";
import { tenantRoute } from "../../../../server/pages/tenant-route";

/** Largest list, as the API has it: 200,000 lines of 100 bytes. */
const maxListBytes = 20 * 1024 * 1024;

/**
 * Takes a list in CSV as the request's body. It is read as fast as it is imported, so the browser's progress is the
 * import's.
 */
export const POST = tenantRoute(
  { action: "suppressions.write", audit: "suppressions.imported", query: z.strictObject({}) },
  async ({ house, owner, request, audit }) => {
    if (!request.body) throw new Refusal("malformed_csv", "The list is empty: its first line must name the columns.");
    const { faults, ...result } = await importSuppressions(house, owner, atMost(request.body, maxListBytes));
    audit({ after: result });
    return Response.json({ ...result, faults });
  },
);

/** @throws {Refusal} `body_too_large` when more comes */
async function* atMost(body: ReadableStream<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes)
      throw new Refusal(
        "body_too_large",
        "The list is larger than 20 MB. Lines before that may have been imported: cut it in two and send both, sending again is harmless.",
      );
    yield chunk;
  }
}
