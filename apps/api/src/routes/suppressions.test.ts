import { newUuid } from "@tidings/shared/ids";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import { startTestApi, type TestApi, type TestTenant } from "../testing/start-test-api";

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
});
afterAll(() => api?.close());
beforeEach(async () => {
  tenant = await api.createTenant();
});

interface Suppression {
  id: string;
  channel: string;
  address: string;
  category: string | null;
  reason: string;
  detail: string | null;
}
interface Imported {
  read: number;
  added: number;
  known: number;
  refused: number;
  faults: { line: number; message: string }[];
}

const call = <Body = Record<string, unknown>>(method: string, path: string, body?: unknown, key = tenant.liveKey) =>
  api.call<Body>(method, path, { key, body });
const add = (body: Record<string, unknown>, key?: string) =>
  call<Suppression>("POST", "/v1/suppressions", { channel: "email", ...body }, key);
const list = async (query = "", key = tenant.liveKey) =>
  (await call<{ data: Suppression[] }>("GET", `/v1/suppressions${query}`, undefined, key)).body.data;
const csv = { "content-type": "text/csv" };

async function importList(list: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = csv) {
  const response = await fetch(`${api.url}/v1/suppressions/import`, {
    method: "POST",
    headers: { "x-api-key": tenant.liveKey, ...headers },
    body: list,
  });
  const body = (await response.json()) as Imported & { code: string; detail: string };
  return { status: response.status, body };
}
const exported = async (query = "") => (await call<string>("GET", `/v1/suppressions/export${query}`)).body;

describe("/v1/suppressions", () => {
  it("adds, shows and removes a suppression", async () => {
    const { status, body } = await add({ address: "Ann@EXAMPLE.com", category: "offers", detail: "Asked by phone" });
    expect(status).toBe(201);
    expect(body).toMatchObject({ address: "ann@example.com", category: "offers", reason: "manual" });
    expect((await call("GET", `/v1/suppressions/${body.id}`)).body).toEqual(body);
    expect((await call("DELETE", `/v1/suppressions/${body.id}`)).status).toBe(204);
    expect((await call("DELETE", `/v1/suppressions/${body.id}`)).status).toBe(404);
    expect(await list()).toEqual([]);
  });

  it("answers what there is when an address is added again, with the graver reason", async () => {
    const { body } = await add({ address: "ann@example.com", reason: "complaint" });
    const again = await add({ address: "ANN@example.com", reason: "manual" });
    expect(again).toMatchObject({ status: 201, body });
  });

  it.each([
    [{ address: "ann" }, "/address"],
    [{ channel: "sms", address: "ann@example.com" }, "/address"],
    [{ channel: "pigeon", address: "ann@example.com" }, "/channel"],
    [{ address: "ann@example.com", category: "No Such" }, "/category"],
    [{ address: "ann@example.com", reason: "because" }, "/reason"],
    [{ address: "ann@example.com", detail: "a\u0000" }, "/detail"],
  ])("refuses %j, and points to what is wrong", async (body, pointer) => {
    expect(await add(body)).toMatchObject({ status: 422, body: { code: "invalid_body", errors: [{ pointer }] } });
  });

  it("lists newest first, page by page and by each filter", async () => {
    await add({ address: "ann@example.com", reason: "hard_bounce" });
    await add({ channel: "sms", address: "+14155550100", reason: "stop" });
    await add({ address: "ann@example.com", category: "offers", reason: "unsubscribe" });
    const all = await list();
    expect(all.map(({ reason }) => reason)).toEqual(["unsubscribe", "stop", "hard_bounce"]);
    expect(await list("?channel=sms")).toEqual([all[1]]);
    expect(await list("?address=Ann@example.com")).toEqual([all[0], all[2]]);
    expect(await list("?category=offers")).toEqual([all[0]]);
    expect(await list("?category=&channel=email")).toEqual([all[2]]);
    expect(await list("?reason=stop")).toEqual([all[1]]);
    const first = await call<{ data: Suppression[]; nextCursor: string }>("GET", "/v1/suppressions?limit=2");
    expect([...first.body.data, ...(await list(`?limit=2&cursor=${first.body.nextCursor}`))]).toEqual(all);
  });

  it("is lifted by its address, of all categories or of one", async () => {
    const lift = async (query: string) => (await call("DELETE", `/v1/suppressions?${query}`)).status;
    for (const category of [null, "offers", "news"]) await add({ address: "ann@example.com", category });
    await add({ address: "bob@example.com" });
    expect(await lift("channel=email&address=ANN@example.com&category=offers")).toBe(204);
    expect((await list("?address=ann@example.com")).map(({ category }) => category)).toEqual(["news", null]);
    expect(await lift("channel=sms&address=ann@example.com")).toBe(404);
    expect(await lift("channel=email&address=ann@example.com")).toBe(204);
    expect(await lift("channel=email&address=ann@example.com")).toBe(404);
    expect(await lift("channel=email")).toBe(400);
    expect((await list()).map(({ address }) => address)).toEqual(["bob@example.com"]);
  });

  it("is shared by both modes, and by nobody else", async () => {
    const { body } = await add({ address: "ann@example.com" }, tenant.testKey);
    expect(await list("", tenant.liveKey)).toEqual([body]);
    expect(await list("", (await api.createTenant()).liveKey)).toEqual([]);
  });

  it("tells an endpoint what was added and removed", async () => {
    const endpoint = {
      id: newUuid(),
      tenantId: tenant.id,
      mode: "live",
      url: "https://example.com",
      sealedSecret: "s",
    };
    await api.database.endpoint.create({ data: { ...endpoint, events: ["suppression.*"] } });
    const { body } = await add({ address: "ann@example.com" });
    await call("DELETE", `/v1/suppressions/${body.id}`);
    const reports = await api.database.report.findMany({
      where: { endpointId: endpoint.id },
      orderBy: { sequence: "asc" },
    });
    expect(reports.map(({ type }) => type)).toEqual(["suppression.added", "suppression.removed"]);
  });
});

describe("POST /v1/suppressions/import", () => {
  it("adds what is new, counts what was known, and says which lines it refused", async () => {
    await add({ address: "known@example.com" });
    const { status, body } = await importList(
      [
        "channel,address,category,reason,detail",
        'email,ann@example.com,offers,unsubscribe,"said ""no"", twice"',
        "sms,'+14155550100,,stop,",
        "",
        ",known@example.com,,,",
        "email,ann,,,",
        "pigeon,ann@example.com,,,",
        "email,ann@example.com,Not A Key,,",
        "email,ann@example.com,,because,",
        "email,,,,",
        "email,a@example.com,,,,too,many",
        "email,=cmd|' /C calc'!A0,,,",
        "email,bob@example.com,,,=HYPERLINK(1)",
      ].join("\r\n"),
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ read: 11, added: 3, known: 1, refused: 7 });
    expect(body.faults.map(({ line }) => line)).toEqual([6, 7, 8, 9, 10, 11, 12]);
    expect(body.faults.map(({ message }) => message).join("; ")).toMatch(
      /address must be an email.*channel must be one of.*category must be.*reason must be one of.*no address.*more cells.*address must be an email/,
    );
    expect((await list()).map(({ address, detail }) => [address, detail]).toSorted()).toEqual([
      ["+14155550100", null],
      ["ann@example.com", 'said "no", twice'],
      ["bob@example.com", "=HYPERLINK(1)"],
      ["known@example.com", null],
    ]);
  });

  const one = "address\nann@example.com\n";
  it.each([
    ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${one}`)],
    ["UTF-16 with a byte order mark", Buffer.from(`\ufeff${one}`, "utf16le")],
    ["lines that end in CR LF", Buffer.from(one.replaceAll("\n", "\r\n"))],
    ["a header in another case, and quotes", Buffer.from('"ADDRESS"\n"ann@example.com"\n')],
    ["a column of an export that says nothing", Buffer.from("address,createdAt\nann@example.com,2026-01-01\n")],
  ])("reads %s", async (_, bytes) => {
    expect(await importList(bytes)).toMatchObject({ status: 200, body: { read: 1, added: 1 } });
  });

  it("refuses single lines that are in Latin-1 or hold a NUL or a stray quote, and takes the others", async () => {
    const bytes = Buffer.from(
      'address\njürgen@example.com\nann@exa\0mple.com\n"a"b@example.com\nann@example.com\n',
      "latin1",
    );
    const { body } = await importList(bytes);
    expect(body).toMatchObject({ read: 4, added: 1, refused: 3 });
    expect(body.faults).toMatchObject([
      { line: 2, message: "is not in UTF-8" },
      { line: 3, message: "holds U+0000" },
      { line: 4, message: expect.stringMatching(/must be an email address/) },
    ]);
  });

  it.each([
    ["nothing", "", /empty/],
    ["UTF-16 that doesn't say so", Buffer.from(one, "utf16le"), /UTF-8/],
    ["no column address", "email\nann@example.com\n", /"email" is none of/],
    ["a column twice", "address,address\na,b\n", /twice/],
    ["a header without an address", "channel\nemail\n", /no column address/],
    [
      "a quote that is never closed",
      `address\n"ann@example.com\n${"b@example.com\n".repeat(5_000)}`,
      /quote is never closed/,
    ],
    ["a quote that is open at the end", 'address\n"ann@example.com\n', /Line \d+ .* never closed/],
    ["one endless line", `address\n${"x".repeat(100_000)}`, /longer than 16384 bytes/],
    ["an archive", Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0xff, 0xfe, 10, 1, 2]), /UTF-8/],
  ])("refuses %s, and says why", async (_, bytes, detail) => {
    const answer = await importList(typeof bytes === "string" ? bytes : new Uint8Array(bytes));
    expect(answer).toMatchObject({ status: 400, body: { code: "malformed_csv" } });
    expect(answer.body.detail).toMatch(detail);
  });

  it("tells at most 100 faults, and counts them all", async () => {
    const { body } = await importList(`address\n${"x\n".repeat(1_500)}`);
    expect(body).toMatchObject({ read: 1_500, refused: 1_500 });
    expect(body.faults).toHaveLength(100);
  });

  it("refuses a body over 20 MB, whether it says so or not", async () => {
    const line = `${"x".repeat(1_000)}\n`;
    const body = `address\n${line.repeat(22_000)}`;
    expect(await importList(body)).toMatchObject({ status: 413, body: { code: "body_too_large" } });
    const chunked = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("address\n"));
      },
      pull(controller) {
        controller.enqueue(new TextEncoder().encode(line.repeat(1_000)));
      },
    });
    const answer = await fetch(`${api.url}/v1/suppressions/import`, {
      ...({
        method: "POST",
        headers: { "x-api-key": tenant.liveKey, ...csv },
        body: chunked,
        duplex: "half",
      } as RequestInit),
    }).then(
      (response) => response.status,
      () => 413, // it was answered while the client was still writing, who saw only that nobody read on
    );
    expect(answer).toBe(413);
  });

  it("takes 200,000 lines, and no more", { timeout: 60_000 }, async () => {
    const lines = Array.from({ length: 200_000 }, (_, index) => `p${index}@example.com`).join("\n");
    const { body } = await importList(`address\n${lines}\n`);
    expect(body).toMatchObject({ read: 200_000, added: 200_000, faults: [] });
    expect((await exported()).split("\r\n")).toHaveLength(200_002);
    expect(await importList(`address\n${lines}\nmore@example.com\n`)).toMatchObject({
      status: 413,
      body: { code: "body_too_large" },
    });
  });
});

describe("GET /v1/suppressions/export", () => {
  it("gives CSV that no spreadsheet runs, and that an import reads as it was", async () => {
    const details = ["=1+1", "+1", "-1", "@SUM(A1)", "\ttab", "a,b", 'say "hi"', "two\r\nlines", "'=1", "ünï ✓", "＝1"];
    for (const [index, detail] of details.entries()) await add({ address: `p${index}@example.com`, detail });
    await add({ channel: "sms", address: "+14155550100", reason: "stop" });
    await add({ address: "+odd@example.com", category: "offers", reason: "unsubscribe" });
    const text = await exported();
    expect(text.split("\r\n")[0]).toBe("channel,address,category,reason,detail,createdAt");
    expect(text).toContain("sms,'+14155550100,,stop,,");
    expect(text).not.toMatch(/(^|,)"?[=+\-@\t\r＝]/m);

    const before = await list();
    const owner = tenant;
    tenant = await api.createTenant();
    expect(await importList(text)).toMatchObject({ body: { added: before.length, refused: 0 } });
    const told = (rows: Suppression[]) =>
      rows
        .map(({ channel, address, category, reason, detail }) => [channel, address, category, reason, detail?.trim()])
        .toSorted();
    expect(told(await list())).toEqual(told(before));
    expect(await exported("?channel=sms")).toMatch(/^channel.*\r\nsms,'\+14155550100,,stop,,\S+\r\n$/);
    tenant = owner;
  });
});

describe("/v1/categories", () => {
  it("stores, lists and forgets categories, each tenant its own", async () => {
    const put = (key: string, body: unknown) => call("PUT", `/v1/categories/${key}`, body);
    expect((await put("receipts", { name: "Receipts", transactional: true })).body).toMatchObject({ key: "receipts" });
    await put("offers", { name: "Offers" });
    await put("offers", { name: "Special offers" });
    expect((await call<{ data: unknown[] }>("GET", "/v1/categories")).body.data).toMatchObject([
      { key: "offers", name: "Special offers", transactional: false },
      { key: "receipts", name: "Receipts", transactional: true },
    ]);
    expect((await call("DELETE", "/v1/categories/offers")).status).toBe(204);
    expect((await call("DELETE", "/v1/categories/offers")).status).toBe(404);
    expect(await put("offers", { name: "two\nlines" })).toMatchObject({ status: 422, body: { code: "invalid_body" } });
  });
});
