import { connectRedisFailFast } from "@tidings/runtime/redis";
import { newUuid } from "@tidings/shared/ids";
import { NextRequest } from "next/server";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { testRedisUrl } from "../../../../../tests/setup/test-services";
import nextConfig from "../../../next.config";
import { config, proxy } from "../../proxy";
import {
  inColorScheme,
  type PreviewFrameDeps,
  previewFrameResponse,
  readPreviewFrame,
  storePreviewFrame,
} from "./preview-frame";

let deps: PreviewFrameDeps;
beforeAll(async () => {
  const redis = connectRedisFailFast(await testRedisUrl(), () => {});
  await new Promise((resolve) => redis.once("ready", resolve));
  deps = { redis, namespace: newUuid(), sessionSecret: "a secret" };
});
afterAll(() => deps.redis.disconnect());

const hostile = `<!doctype html><script>parent.postMessage(document.cookie)</script><img src=x onerror="alert(1)">`;
const tokenOf = (address: string) => address.replace("/api/preview/", "");

describe("a rendered email", () => {
  it("is shown to who had it rendered, to the letter, and to nobody else", async () => {
    const token = tokenOf(await storePreviewFrame(deps, "ann", hostile));
    expect(await readPreviewFrame(deps, "ann", token)).toBe(hostile);
    expect(await readPreviewFrame(deps, "bob", token)).toBeNull();
    expect(await readPreviewFrame(deps, "ann", "x".repeat(43))).toBeNull();
    expect(await readPreviewFrame(deps, "ann", `../${token}`)).toBeNull();
  });

  it("is forgotten within a minute", async () => {
    const token = tokenOf(await storePreviewFrame(deps, "ann", "short-lived"));
    const seconds = await deps.redis.ttl(`{${deps.namespace}:preview:ann}:${token}`);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
  });

  it("makes room for the newest five of the same person, of which each counts once", async () => {
    const store = async (user: string, html: string) => tokenOf(await storePreviewFrame(deps, user, html));
    const bobs = await store("bob", "bob's");
    const emails = ["0", "1", "2", "3", "4", "0", "5", "6"];
    const tokens: Record<string, string> = {};
    for (const html of emails) tokens[html] = await store("cid", html);
    const read = (html: string) => readPreviewFrame(deps, "cid", tokens[html] ?? "");
    expect(await Promise.all(["0", "1", "2", "3", "4", "5", "6"].map(read))).toEqual([
      "0",
      null,
      null,
      "3",
      "4",
      "5",
      "6",
    ]);
    const keys = await deps.redis.keys(`*${deps.namespace}:preview:cid*`);
    expect(keys).toHaveLength(6);
    for (const key of keys) expect(await deps.redis.ttl(key)).toBeGreaterThan(0);
    const hashTags = new Set(keys.map((key) => /\{(.+?)\}/.exec(key)?.[1] ?? key));
    expect([...hashTags]).toHaveLength(1); // one slot of a Redis Cluster
    expect(await readPreviewFrame(deps, "bob", bobs)).toBe("bob's");
  });

  it("has an address that tells nothing, and stays while the email stays", async () => {
    const [first, again, another] = [
      await storePreviewFrame(deps, "ann", "one"),
      await storePreviewFrame(deps, "ann", "one"),
      await storePreviewFrame({ ...deps, sessionSecret: "another" }, "ann", "one"),
    ];
    expect(again).toBe(first);
    expect(another).not.toBe(first);
  });
});

describe("its frame", () => {
  it.each([hostile, null])("runs no script, has no origin and stands in the console's frames only: %s", (html) => {
    const { status, headers } = previewFrameResponse(html);
    expect(status).toBe(html === null ? 404 : 200);
    const policy = headers.get("content-security-policy")?.split("; ") ?? [];
    expect(policy).toEqual(expect.arrayContaining(["sandbox", "default-src 'none'", "frame-ancestors 'self'"]));
    expect(policy.join()).not.toMatch(/script|allow-/);
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("keeps the policy of its own, where every other page has the console's", () => {
    const matcher = new RegExp(`^${config.matcher}$`);
    expect(matcher.test("/api/preview/abc")).toBe(false);
    for (const path of [
      "/",
      "/acme/templates",
      "/api/trpc/x",
      "/api/previews",
      "/preview/abc",
      "/acme/api/preview/abc",
    ])
      expect(matcher.test(path)).toBe(true);
    const policy = proxy(new NextRequest("http://console.test/acme")).headers.get("content-security-policy");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it("may be framed by the console, and nothing else may", async () => {
    const rules = (await nextConfig.headers()).map(({ source, headers }) => [
      source,
      headers.find(({ key }) => key === "X-Frame-Options")?.value,
    ]);
    expect(rules).toEqual([
      ["/:path*", "DENY"],
      ["/api/preview/:token", "SAMEORIGIN"],
    ]);
  });
});

test("an email is shown in the colours asked for, whatever the reader's own are", () => {
  const html = "@media (prefers-color-scheme:dark) { a } @media screen and ( Prefers-Color-Scheme: light ) { b }";
  expect(inColorScheme(html, "dark")).toBe("@media (min-width: 0px) { a } @media screen and (max-width: -1px) { b }");
  expect(inColorScheme(html, "light")).toBe("@media (max-width: -1px) { a } @media screen and (min-width: 0px) { b }");
});
