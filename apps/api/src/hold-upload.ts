import { Refusal } from "@tidings/shared/refusals";

/** Gathers an upload, uses it, and lets go of it. */
export type HoldUpload = <Answer>(
  bytes: AsyncIterable<Uint8Array>,
  use: (content: Buffer) => Promise<Answer>,
) => Promise<Answer>;

/**
 * Bounds what uploads hold in memory, over all requests of the process.
 * @param maxHeldBytes one upload alone may pass it; storing it takes several times as much
 */
export function createHoldUpload(maxHeldBytes = 12 * 1024 * 1024): HoldUpload {
  let heldBytes = 0;
  return async (bytes, use) => {
    const chunks: Uint8Array[] = [];
    let ownBytes = 0;
    try {
      for await (const chunk of bytes) {
        ownBytes += chunk.length;
        heldBytes += chunk.length;
        if (heldBytes > maxHeldBytes && heldBytes > ownBytes) {
          throw new Refusal("overloaded", "Many files are being uploaded.", { retryAfterSeconds: 1 });
        }
        chunks.push(chunk);
      }
      return await use(Buffer.concat(chunks));
    } finally {
      heldBytes -= ownBytes;
    }
  };
}
