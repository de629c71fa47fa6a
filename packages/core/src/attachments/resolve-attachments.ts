import type { Attachment } from "@tidings/channels/channels/email";
import type { SendOutcome } from "@tidings/channels/provider";
import type { Database } from "@tidings/db/client";
import { uuidOf } from "@tidings/shared/ids";
import { LRUCache } from "lru-cache";
import { pieceBytes } from "./attachment-row";
import { attachmentsOf, type PinnedAttachment } from "./attachments-of";

export interface ResolveAttachmentsDeps {
  database: Database;
  /** Most characters of base64 that are kept. */
  maxCachedSize?: number;
  /** Most characters of base64 in messages that are being sent at once: writing a mail takes four times as much. */
  maxSendingSize?: number;
}

/** Content as providers take it, to be released once it was sent; or what became of the message without being sent. */
export type Resolved = { content: unknown; release(): void } | { outcome: SendOutcome };

/** Puts the bytes of uploads into a message's content. */
export type ResolveAttachments = (tenantId: string, content: unknown) => Promise<Resolved>;

const mebibyte = 1024 * 1024;
/** How long an upload that was deleted may still be sent, in milliseconds. */
const ttlMs = 60_000;

/** Reads uploads for what is sent, keeping them so that a broadcast reads its own once. */
export function createResolveAttachments({
  database,
  maxCachedSize = 14 * mebibyte,
  maxSendingSize = 16 * mebibyte,
}: ResolveAttachmentsDeps): ResolveAttachments {
  const files = new LRUCache<string, string, StoredFile>({
    maxSize: maxCachedSize,
    sizeCalculation: (base64) => base64.length,
    ttl: ttlMs,
    fetchMethod(_key, _stale, { context }) {
      makeRoom(base64Length(context.sizeBytes));
      return readFile(database, context);
    },
  });
  let sendingSize = 0;

  /** Lets go of what a file will push out before it is read: both need not be in memory. */
  function makeRoom(size: number): void {
    for (const key of files.rkeys()) {
      if (files.calculatedSize + size <= maxCachedSize) return;
      files.delete(key);
    }
  }

  async function resolve(tenantId: string, one: Attachment | PinnedAttachment): Promise<Attachment | null> {
    if (!("id" in one)) return one;
    const { filename, contentType, sizeBytes } = one;
    const id = uuidOf("attachment", one.id) as string;
    const content = await files.fetch(`${tenantId}/${id}`, { context: { tenantId, id, sizeBytes } });
    return content === undefined ? null : { filename, contentType, content };
  }

  return async (tenantId, content) => {
    const given = attachmentsOf(content);
    const size = given.reduce((sum, one) => sum + ("id" in one ? base64Length(one.sizeBytes) : 0), 0);
    if (size === 0) return { content, release: () => {} };
    if (sendingSize > 0 && sendingSize + size > maxSendingSize) {
      return { outcome: { kind: "busy", reason: "as many attachments as there is memory for are being sent" } };
    }
    sendingSize += size;
    const release = () => {
      sendingSize -= size;
    };
    try {
      const attachments = await Promise.all(given.map((one) => resolve(tenantId, one)));
      const missing = given.filter((_, index) => attachments[index] === null);
      if (missing.length === 0) return { content: { ...(content as object), attachments }, release };
      release();
      const names = missing.map((one) => one.filename).join(", ");
      return { outcome: { kind: "rejected", reason: `attachments are gone: ${names}` } };
    } catch (error) {
      release();
      throw error;
    }
  };
}

interface StoredFile {
  tenantId: string;
  /** UUID of its row. */
  id: string;
  sizeBytes: number;
}

/** An upload in base64, read in pieces. A string that is made of a large buffer is not on V8's heap. */
async function readFile(database: Database, { tenantId, id, sizeBytes }: StoredFile): Promise<string | undefined> {
  const content = Buffer.alloc(sizeBytes);
  for (let offset = 0; offset < sizeBytes; offset += pieceBytes) {
    const [row] = await database.direct.$queryRaw<{ piece: Uint8Array }[]>`
      SELECT substring(content FROM ${offset + 1}::int FOR ${pieceBytes}::int) AS piece FROM attachment
      WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid`;
    if (!row) return undefined;
    content.set(row.piece, offset);
  }
  return content.toString("base64");
}

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}
