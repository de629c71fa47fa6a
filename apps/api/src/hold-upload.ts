import { Refusal } from "@tidings/shared/refusals";

/** Gathers an upload, uses it, and lets go of it. Its content comes in pieces: as one it would be held twice. */
export type HoldUpload = <Answer>(
  tenantId: string,
  bytes: AsyncIterable<Uint8Array>,
  use: (content: readonly Uint8Array[]) => Promise<Answer>,
) => Promise<Answer>;

export interface HoldUploadOptions {
  /** Most that uploads hold together; the oldest alone may pass it. */
  maxHeldBytes?: number;
  /** What an upload takes at once, however small the chunks are that it comes in. */
  pieceBytes?: number;
  /** Uploads in hand, waiting or not: of each, the connection has read a little ahead. */
  maxUploads?: number;
  /** The same of one tenant, so that none takes the room of all. */
  maxOfTenant?: number;
  /** How long an upload waits for room for its next piece, in milliseconds. */
  maxWaitMs?: number;
}

interface Upload {
  tenantId: string;
  heldBytes: number;
  /** Gives it room for a piece; null while it waits for none. */
  wake: (() => void) | null;
}

const mebibyte = 1024 * 1024;

/**
 * Bounds what uploads hold in memory, over all requests of the process. Where there is no room an upload waits, unread, and
 * the oldest is served first; that one always goes on, so that uploads begun never wait for each other. One that waits too
 * long, or comes when too many do, is refused as `overloaded`.
 */
export function createHoldUpload({
  maxHeldBytes = 12 * mebibyte,
  pieceBytes = mebibyte / 4,
  maxUploads = 200,
  maxOfTenant = 32,
  maxWaitMs = 15_000,
}: HoldUploadOptions = {}): HoldUpload {
  /** In order of arrival. */
  const uploads = new Set<Upload>();
  let heldBytes = 0;

  function mayTake(upload: Upload): boolean {
    const [oldest] = uploads;
    return heldBytes + pieceBytes <= maxHeldBytes || upload === oldest;
  }

  function take(upload: Upload): void {
    upload.heldBytes += pieceBytes;
    heldBytes += pieceBytes;
  }

  function letGo(upload: Upload): void {
    uploads.delete(upload);
    heldBytes -= upload.heldBytes;
    for (const one of uploads) if (one.wake && mayTake(one)) one.wake();
  }

  async function takeInTurn(upload: Upload): Promise<void> {
    if (mayTake(upload)) return take(upload);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        upload.wake = null;
        reject(tooMany());
      }, maxWaitMs);
      upload.wake = () => {
        upload.wake = null;
        clearTimeout(timer);
        take(upload);
        resolve();
      };
    });
  }

  async function gather(upload: Upload, bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
    const pieces: Uint8Array[] = [];
    let free = new Uint8Array();
    for await (const chunk of bytes) {
      for (let rest = chunk; rest.length > 0; ) {
        if (free.length === 0) {
          await takeInTurn(upload);
          free = new Uint8Array(pieceBytes);
          pieces.push(free);
        }
        const part = rest.subarray(0, free.length);
        free.set(part);
        free = free.subarray(part.length);
        rest = rest.subarray(part.length);
      }
    }
    const last = pieces.pop();
    return last ? [...pieces, last.subarray(0, pieceBytes - free.length)] : pieces;
  }

  function countOf(tenantId: string): number {
    let count = 0;
    for (const upload of uploads) if (upload.tenantId === tenantId) count += 1;
    return count;
  }

  return async (tenantId, bytes, use) => {
    if (uploads.size >= maxUploads || countOf(tenantId) >= maxOfTenant) throw tooMany();
    const upload: Upload = { tenantId, heldBytes: 0, wake: null };
    uploads.add(upload);
    try {
      return await use(await gather(upload, bytes));
    } finally {
      letGo(upload);
    }
  };
}

function tooMany(): Refusal {
  return new Refusal("overloaded", "Many files are being uploaded.", { retryAfterSeconds: 1 });
}
