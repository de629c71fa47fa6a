import { randomBytes } from "node:crypto";
import type { Attachment } from "@tidings/channels/channels/email";
import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid, publicId } from "@tidings/shared/ids";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { createAttachmentBook } from "./attachment-book";
import { pieceBytes } from "./attachment-row";
import { maxAttachmentBytes, publicAttachment } from "./attachment-schemas";
import type { PinnedAttachment } from "./attachments-of";
import { createAttachment } from "./create-attachment";
import { deleteAttachment } from "./delete-attachment";
import { getAttachment } from "./get-attachment";
import { keepAttachments } from "./keep-attachments";
import { listAttachments } from "./list-attachments";
import { pinAttachments } from "./pin-attachments";
import { presentAttachment } from "./present-attachment";
import { createResolveAttachments } from "./resolve-attachments";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 5, applicationName: "test" });
afterAll(() => database.$disconnect());
const dayMs = 24 * 60 * 60 * 1_000;

let tenantId: string;
let strangerId: string;
beforeEach(async () => {
  [tenantId, strangerId] = [(await createTestTenant(database)).id, (await createTestTenant(database)).id];
});

/** Every byte there is, so that nothing is taken for text. */
const bytes = Buffer.from(Array.from({ length: 1_000 }, (_, index) => index % 256));
function upload({ content = bytes, filename = "ünvoice.pdf", of = tenantId } = {}) {
  const pieces = [content.subarray(0, 300), content.subarray(300)];
  return createAttachment(database, of, { filename, contentType: "application/pdf", content: pieces });
}
const named = ({ id }: { id: string }) => ({ id: publicId("attachment", id) });

describe("an upload", () => {
  it("is known to its tenant by name, type and size", async () => {
    const row = await upload();
    expect(await getAttachment(database, tenantId, row.id)).toEqual(row);
    expect(publicAttachment.strict().parse(presentAttachment(row))).toMatchObject({
      id: expect.stringMatching(/^fil_/),
      filename: "ünvoice.pdf",
      contentType: "application/pdf",
      sizeBytes: 1_000,
    });
    await expect(getAttachment(database, strangerId, row.id)).rejects.toMatchObject({ code: "not_found" });
    await expect(deleteAttachment(database, strangerId, row.id)).rejects.toMatchObject({ code: "not_found" });
    await deleteAttachment(database, tenantId, row.id);
    await expect(getAttachment(database, tenantId, row.id)).rejects.toMatchObject({ code: "not_found" });
  });

  it("is listed newest first, page by page", async () => {
    const ids = [(await upload()).id, (await upload()).id, (await upload()).id].reverse();
    await upload({ of: strangerId });
    const first = await listAttachments(database, tenantId, { limit: 2 });
    const second = await listAttachments(database, tenantId, { limit: 2, after: ids[1] });
    expect([first, second].map(({ hasMore }) => hasMore)).toEqual([true, false]);
    expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual(ids);
  });

  it("is refused when the tenant's would hold too much", async () => {
    const file = { filename: "f", contentType: "a/b", content: [bytes] };
    const create = (of = tenantId) => createAttachment(database, of, file, 2_999);
    const { id } = await create();
    await create();
    await expect(create()).rejects.toMatchObject({ code: "conflict", message: expect.stringMatching("2999") });
    await create(strangerId);
    await deleteAttachment(database, tenantId, id);
    await create();
  });

  it("is kept for 30 days and two more", async () => {
    const idOf = (ageDays: number) => {
      const time = (Date.now() - ageDays * dayMs).toString(16).padStart(12, "0");
      return `${time.slice(0, 8)}-${time.slice(8)}${newUuid().slice(13)}`;
    };
    const row = { tenantId, filename: "f", contentType: "a/b", content: new Uint8Array(1) };
    const [old, young] = [Array.from({ length: 101 }, () => idOf(33)), idOf(31.9)];
    await database.attachment.createMany({ data: [...old, young].map((id) => ({ ...row, id })) });
    await keepAttachments(database);
    const kept = await database.attachment.findMany({ where: { tenantId }, select: { id: true } });
    expect(kept).toEqual([{ id: young }]);
  });
});

describe("an email's attachments", () => {
  const inline: Attachment = { filename: "a.txt", contentType: "text/plain", content: "SGVsbG8=" };
  const pin = (
    given: Parameters<typeof pinAttachments>[2],
    sendAt: Date | null = null,
    book = createAttachmentBook({ database }),
  ) => pinAttachments(book, tenantId, given, { pointer: "/content", sendAt });
  const refused = (pointer: string, message: RegExp) => ({
    code: "invalid_body",
    faults: [{ pointer, message: expect.stringMatching(message) }],
  });

  it("are pinned as they were uploaded, under another name if one is given", async () => {
    const id = named(await upload());
    const pinned = { ...id, filename: "ünvoice.pdf", contentType: "application/pdf", sizeBytes: 1_000 };
    expect(await pin([inline, id, { ...id, filename: "b.pdf" }])).toEqual([
      inline,
      pinned,
      { ...pinned, filename: "b.pdf" },
    ]);
  });

  it("are refused when there are none, or when they are another tenant's", async () => {
    for (const id of [named({ id: newUuid() }), named(await upload({ of: strangerId }))]) {
      await expect(pin([inline, id])).rejects.toMatchObject(
        refused("/content/attachments/1/id", /^there is no such attachment$/),
      );
    }
  });

  it("are refused past 10 MB in all, to the byte", async () => {
    const rest = named(await upload({ content: Buffer.alloc(maxAttachmentBytes - 5) }));
    await pin([inline, rest]);
    await expect(pin([{ ...inline, content: "SGVsbG8h" }, rest])).rejects.toMatchObject(
      refused("/content/attachments", /at most 10485760 bytes in all, and these have 10485761/),
    );
  });

  it("are refused when they will be gone by the time it is sent", async () => {
    const id = named(await upload());
    await pin([id], new Date(Date.now() + 29 * dayMs));
    await expect(pin([id], new Date(Date.now() + 31 * dayMs))).rejects.toMatchObject(
      refused("/content/attachments/0/id", /can be sent until .* before sendAt/),
    );
  });

  it("are looked up once for many emails, and again once they were deleted here", async () => {
    const book = createAttachmentBook({ database });
    const row = await upload();
    await pin([named(row)], null, book);
    await deleteAttachment(database, tenantId, row.id);
    await pin([named(row)], null, book);
    book.forget({ tenantId, id: row.id });
    await expect(pin([named(row)], null, book)).rejects.toMatchObject({ code: "invalid_body" });
  });
});

describe("when it is sent", () => {
  const pinnedAs = async (row: Awaited<ReturnType<typeof upload>>): Promise<PinnedAttachment> => {
    const { filename, contentType, sizeBytes } = row;
    return { ...named(row), filename, contentType, sizeBytes };
  };
  const emailWith = (...attachments: unknown[]) => ({ subject: "Hello", text: "Hi", attachments });
  const released = (resolved: Awaited<ReturnType<ReturnType<typeof createResolveAttachments>>>) => {
    if (!("release" in resolved)) throw new Error(JSON.stringify(resolved));
    resolved.release();
    return resolved.content as { attachments: Attachment[] };
  };

  it("has the very bytes of its uploads, in their place", async () => {
    const resolve = createResolveAttachments({ database });
    const inline: Attachment = { filename: "a.txt", contentType: "text/plain", content: "SGVsbG8=" };
    const content = emailWith(inline, await pinnedAs(await upload()));
    const { attachments, ...rest } = released(await resolve(tenantId, content));
    expect(rest).toEqual({ subject: "Hello", text: "Hi" });
    expect(attachments).toEqual([
      inline,
      { filename: "ünvoice.pdf", contentType: "application/pdf", content: bytes.toString("base64") },
    ]);
  });

  it.each([0, 1, -1])("has them where they are a piece long, and %i bytes", async (more) => {
    const content = Buffer.from(randomBytes(2 * pieceBytes + more));
    const email = emailWith(await pinnedAs(await upload({ content })));
    const [attachment] = released(await createResolveAttachments({ database })(tenantId, email)).attachments;
    expect(content.equals(Buffer.from(attachment?.content ?? "", "base64"))).toBe(true);
    const left = await database.$queryRaw<{ count: number }[]>`SELECT count(*)::int FROM pg_largeobject_metadata`;
    expect(left).toEqual([{ count: 0 }]);
  });

  it("is left as it is without uploads", async () => {
    const resolve = createResolveAttachments({ database });
    for (const content of [null, { text: "Hi" }, emailWith({ filename: "a", contentType: "a/b", content: "SGk=" })]) {
      expect(await resolve(tenantId, content)).toMatchObject({ content });
    }
  });

  it("reads an upload once for all of a broadcast", async () => {
    const resolve = createResolveAttachments({ database });
    const row = await upload();
    const content = emailWith(await pinnedAs(row));
    const many = await Promise.all(Array.from({ length: 20 }, () => resolve(tenantId, content)));
    many.map(released);
    await deleteAttachment(database, tenantId, row.id);
    expect(released(await resolve(tenantId, content)).attachments).toHaveLength(1);
    expect(await createResolveAttachments({ database })(tenantId, content)).toEqual({
      outcome: { kind: "rejected", reason: "attachments are gone: ünvoice.pdf" },
    });
  });

  it("lets go of what was used longest ago, and of no more than it must", async () => {
    const resolve = createResolveAttachments({ database, maxCachedSize: 3_000 }); // two of 1,336 characters
    const rows = [await upload(), await upload(), await upload()];
    const emails = await Promise.all(rows.map(async (row) => emailWith(await pinnedAs(row))));
    for (const email of emails) released(await resolve(tenantId, email));
    for (const { id } of rows) await deleteAttachment(database, tenantId, id);
    const [first, ...others] = emails;
    for (const email of others) released(await resolve(tenantId, email));
    expect(await resolve(tenantId, first)).toMatchObject({ outcome: { kind: "rejected" } });
  });

  it("never has another tenant's bytes, not from the cache either", async () => {
    const resolve = createResolveAttachments({ database });
    const content = emailWith(await pinnedAs(await upload()));
    released(await resolve(tenantId, content));
    expect(await resolve(strangerId, content)).toMatchObject({ outcome: { kind: "rejected" } });
  });

  it("waits its turn when the memory for what is being sent is taken", async () => {
    const resolve = createResolveAttachments({ database, maxSendingSize: 2_000 });
    const content = emailWith(await pinnedAs(await upload()));
    const first = await resolve(tenantId, content);
    expect(await resolve(tenantId, content)).toMatchObject({ outcome: { kind: "busy" } });
    released(first);
    released(await resolve(tenantId, content));
    const gone = emailWith({ ...(await pinnedAs(await upload())), ...named({ id: newUuid() }) });
    expect(await resolve(tenantId, gone)).toMatchObject({ outcome: { kind: "rejected" } });
    released(await resolve(tenantId, content));
  });

  it("takes even what is larger than that memory, alone", async () => {
    const resolve = createResolveAttachments({ database, maxSendingSize: 10, maxCachedSize: 10 });
    const content = emailWith(await pinnedAs(await upload()));
    expect(released(await resolve(tenantId, content)).attachments[0]?.content).toBe(bytes.toString("base64"));
  });

  it("gives room back when Postgres fails it", async () => {
    const resolve = createResolveAttachments({ database, maxSendingSize: 2_000 });
    const pinned = await pinnedAs(await upload());
    await expect(resolve("no uuid", emailWith(pinned))).rejects.toThrow();
    released(await resolve(tenantId, emailWith(pinned)));
  });
});
