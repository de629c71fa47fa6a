import { once } from "node:events";
import { connect } from "node:net";
import type { PublicAttachment } from "@tidings/core/attachments/attachment-schemas";
import { uuidOf } from "@tidings/shared/ids";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import { createHoldUpload } from "../hold-upload";
import { startTestApi, type TestApi, type TestTenant } from "../testing/start-test-api";

let api: TestApi;
let tenant: TestTenant;
let stranger: TestTenant;
beforeAll(async () => {
  api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
  [tenant, stranger] = [await api.createTenant(), await api.createTenant()];
});
afterAll(() => api.close());

const tenMegabytes = 10 * 1024 * 1024;
interface Problem {
  code: string;
  errors: unknown[];
}

async function upload(
  content: Uint8Array<ArrayBuffer> | ReadableStream,
  { filename = "a.pdf", type = "application/pdf", key = tenant.liveKey, headers = {} } = {},
) {
  const response = await fetch(`${api.url}/v1/attachments?filename=${encodeURIComponent(filename)}`, {
    method: "POST",
    headers: { "x-api-key": key, "content-type": type, ...headers },
    body: content,
    duplex: "half",
  } as RequestInit);
  return { status: response.status, body: (await response.json()) as PublicAttachment & Problem };
}
const bytes = (size: number) => Buffer.alloc(size, "x");
const contentOf = async (id: string) =>
  (await api.database.attachment.findUniqueOrThrow({ where: { id: uuidOf("attachment", id) as string } })).content;

describe("POST /v1/attachments", () => {
  it("keeps the very bytes, their name and their type", async () => {
    const content = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const { status, body } = await upload(content, { filename: "Überweisung €.pdf", type: "Application/PDF; x=y" });
    expect([status, body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^fil_/),
        filename: "Überweisung €.pdf",
        contentType: "application/pdf",
        sizeBytes: 256,
        createdAt: expect.any(String),
        expiresAt: expect.any(String),
      },
    ]);
    expect(Buffer.from(await contentOf(body.id))).toEqual(content);
    expect((await api.call("GET", `/v1/attachments/${body.id}`, { key: tenant.testKey })).body).toEqual(body);
  });

  it.each(["application/json", "text/csv", "text/plain; charset=utf-16"])(
    "takes %s as the bytes it is",
    async (type) => {
      const { body } = await upload(Buffer.from("{ no JSON"), { type });
      expect(Buffer.from(await contentOf(body.id)).toString()).toBe("{ no JSON");
    },
  );

  it("takes 10 MB, and not a byte more, told beforehand or not", async () => {
    expect(await upload(bytes(tenMegabytes))).toMatchObject({ status: 201, body: { sizeBytes: tenMegabytes } });
    const tooLarge = { status: 413, body: { code: "body_too_large" } };
    expect(await upload(bytes(tenMegabytes + 1))).toMatchObject(tooLarge);
    const chunks = Array.from({ length: 11 }, () => bytes(1024 * 1024));
    const untold = new ReadableStream({
      pull: (controller) => {
        const chunk = chunks.pop();
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      },
    });
    expect(await upload(untold)).toMatchObject(tooLarge);
  });

  it.each([
    ["no name", "", "application/pdf", 400],
    ["a name of two lines", "a\r\nBcc: eve@example.com", "application/pdf", 400],
    ["a name of 256 characters", "x".repeat(256), "application/pdf", 400],
    ["a type that is none", "a.pdf", "pdf", 415],
    ["a form", "a.pdf", "multipart/form-data; boundary=x", 415],
    ["what curl says unless told", "a.pdf", "application/x-www-form-urlencoded", 415],
  ])("refuses %s", async (_, filename, type, status) => {
    expect((await upload(bytes(1), { filename, type })).status).toBe(status);
  });

  it("refuses a file that is empty, and one that is compressed on the way", async () => {
    expect((await upload(new ReadableStream({ start: (one) => one.close() }))).body.code).toBe("invalid_body");
    expect((await upload(bytes(1), { headers: { "content-encoding": "gzip" } })).status).toBe(415);
  });

  it("is done once under one Idempotency-Key, and refuses another file under it", async () => {
    const headers = { "idempotency-key": "upload-1" };
    const first = await upload(bytes(3), { headers });
    expect(await upload(bytes(3), { headers })).toEqual(first);
    const mismatch = { status: 422, body: { code: "idempotency_mismatch" } };
    expect(await upload(bytes(4), { headers })).toMatchObject(mismatch);
    expect(await upload(bytes(3), { headers, filename: "b.pdf" })).toMatchObject(mismatch);
    expect(await upload(bytes(3), { headers, type: "text/plain" })).toMatchObject(mismatch);
  });

  it("says when to come again while there is no room for it", async () => {
    const holdUpload = vi.spyOn(api.deps, "holdUpload").mockImplementation(createHoldUpload({ maxUploads: 0 }));
    const { status, headers } = await fetch(`${api.url}/v1/attachments?filename=a.pdf`, {
      method: "POST",
      headers: { "x-api-key": tenant.liveKey, "content-type": "application/pdf" },
      body: bytes(tenMegabytes),
    });
    expect([status, headers.get("retry-after")]).toEqual([503, "1"]);
    holdUpload.mockRestore();
    expect(await upload(bytes(1))).toMatchObject({ status: 201 });
  });

  it("ends one that trickles, says so, and closes its connection", async () => {
    const holdUpload = vi.spyOn(api.deps, "holdUpload");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    try {
      const socket = connect(Number(new URL(api.url).port), "127.0.0.1");
      let answer = "";
      socket.on("data", (chunk) => {
        answer += chunk;
      });
      const closed = once(socket, "close");
      const head = ["POST /v1/attachments?filename=a.pdf HTTP/1.1", "host: x", `x-api-key: ${tenant.liveKey}`];
      socket.write([...head, "content-type: application/pdf", "content-length: 1000", "", "x"].join("\r\n"));
      await vi.waitFor(() => expect(holdUpload).toHaveBeenCalled());
      for (const _ of "xx") {
        await vi.advanceTimersByTimeAsync(10_000);
        expect(answer).toBe("");
        const read = socket.bytesWritten;
        socket.write("x");
        await vi.waitFor(() => expect(socket.bytesWritten).toBe(read + 1));
      }
      await vi.advanceTimersByTimeAsync(5_000);
      vi.useRealTimers();
      await closed;
      expect(answer).toMatch(/^HTTP\/1.1 408 .*"code":"body_too_slow"/s);
      expect(answer).toMatch(/^Connection: close/m);
      await expect(holdUpload.mock.results[0]?.value).rejects.toMatchObject({ code: "body_too_slow" });
    } finally {
      vi.useRealTimers();
      holdUpload.mockRestore();
    }
  });

  it("takes one that breaks off for no fault of ours", async () => {
    const holdUpload = vi.spyOn(api.deps, "holdUpload");
    const socket = connect(Number(new URL(api.url).port), "127.0.0.1");
    const head = ["POST /v1/attachments?filename=a.pdf HTTP/1.1", "host: x", `x-api-key: ${tenant.liveKey}`];
    socket.write([...head, "content-type: application/pdf", "content-length: 1000", "", "half"].join("\r\n"));
    await vi.waitFor(() => expect(holdUpload).toHaveBeenCalled());
    socket.destroy();
    await expect(holdUpload.mock.results[0]?.value).rejects.toMatchObject({ code: "invalid_body" });
    holdUpload.mockRestore();
  });
});

describe("an email", () => {
  const send = (attachments: unknown[], more: object = {}, key = tenant.liveKey) =>
    api.call<{ id: string } & Problem>("POST", "/v1/notifications", {
      key,
      body: {
        channel: "email",
        recipient: { email: "ann@example.com" },
        content: { subject: "Hello", text: "Hi", attachments },
        ...more,
      },
    });

  it("is accepted with files by their ids, from either mode", async () => {
    const { id } = (await upload(bytes(5))).body;
    const inline = { filename: "b.txt", contentType: "text/plain", content: "SGk=" };
    for (const key of [tenant.liveKey, tenant.testKey]) {
      const answer = await send([{ id, filename: "invoice.pdf" }, inline], {}, key);
      expect(answer.status).toBe(202);
      const { content } = await api.database.notification.findFirstOrThrow({
        where: { id: uuidOf("notification", answer.body.id) as string },
      });
      const pinned = { id, filename: "invoice.pdf", contentType: "application/pdf", sizeBytes: 5 };
      expect(content).toMatchObject({ email: { attachments: [pinned, inline] } });
    }
  });

  it("is refused with another tenant's file, a deleted one, or one that never was", async () => {
    const theirs = (await upload(bytes(5), { key: stranger.liveKey })).body.id;
    const deleted = (await upload(bytes(5))).body.id;
    expect((await send([{ id: deleted }])).status).toBe(202);
    expect((await api.call("DELETE", `/v1/attachments/${deleted}`, { key: tenant.liveKey })).status).toBe(204);
    for (const id of [theirs, deleted, "fil_01h455vb4pex5vsknk084sn02q"]) {
      expect(await send([{ id }])).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: "/content/attachments/0/id", message: "there is no such attachment" }] },
      });
    }
    const content = { email: { subject: "Hello", text: "Hi", attachments: [{ id: theirs }] } };
    expect(await send([], { channel: undefined, content })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/content/email/attachments/0/id" }] },
    });
  });

  it("is refused with more than 10 MB in all", async () => {
    const { id } = (await upload(bytes(tenMegabytes / 2 + 1))).body;
    expect((await send([{ id }])).status).toBe(202);
    expect(await send([{ id }, { id }])).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/content/attachments" }] },
    });
  });

  it.each([
    [{ id: "ntf_01h455vb4pex5vsknk084sn02q" }, "/content/attachments/0/id"],
    [{ id: "fil_01h455vb4pex5vsknk084sn02q", size: 1 }, "/content/attachments/0/size"],
    [{ filename: "a.txt", contentType: "text/plain", content: "no base64!" }, "/content/attachments/0/content"],
    [{ filename: "a.txt", contentType: "text/plain" }, "/content/attachments/0/content"],
  ])("is refused with %j", async (attachment, pointer) => {
    expect(await send([attachment])).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });
});
