import { once } from "node:events";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setImmediate as later } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rememberPeers } from "./peer-address";
import { visitorAddress } from "./visitor-address";

/** Answers with the visitor's address, believing as many proxies as the path says. */
const server = createServer(async ({ url = "", headers }, response) => {
  await later();
  const forwarded = headers["x-forwarded-for"];
  response.end(
    visitorAddress(new Headers(forwarded ? { "x-forwarded-for": String(forwarded) } : {}), Number(url.slice(1))),
  );
});

beforeAll(async () => {
  rememberPeers();
  await once(server.listen(0, "127.0.0.1"), "listening");
});
afterAll(() => server.close());

/** @param from the address that the request comes from */
async function asked(trustedProxies: number, forwarded?: string, from = "127.0.0.1"): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  const request = get({ port, host: "127.0.0.1", localAddress: from, path: `/${trustedProxies}`, headers });
  const [response] = await once(request, "response");
  return await text(response);
}

describe("the visitor's address", () => {
  it("is the socket's without a proxy, whatever the visitor says", async () => {
    expect(await asked(0)).toBe("127.0.0.1");
    expect(await asked(0, "203.0.113.9")).toBe("127.0.0.1");
    expect(await asked(0, "203.0.113.9, 203.0.113.8")).toBe("127.0.0.1");
  });

  it("is what the outermost trusted proxy was called from, and not what stood there before", async () => {
    expect(await asked(1, "203.0.113.9")).toBe("203.0.113.9");
    expect(await asked(1, "198.51.100.1, 203.0.113.9")).toBe("203.0.113.9");
    expect(await asked(2, "198.51.100.1, 203.0.113.9,10.0.0.2")).toBe("203.0.113.9");
    expect(await asked(1, "198.51.100.1, ::ffff:203.0.113.9")).toBe("203.0.113.9");
  });

  it("is the farthest that is known when there are fewer proxies than said", async () => {
    expect(await asked(2, "203.0.113.9")).toBe("203.0.113.9");
    expect(await asked(1)).toBe("127.0.0.1");
  });

  it("is each request's own, of many at once", async () => {
    const froms = Array.from({ length: 20 }, (_, index) => `127.0.0.${index + 2}`);
    expect(await Promise.all(froms.map((from) => asked(0, undefined, from)))).toEqual(froms);
  });

  it("is not known outside of a request", () => {
    expect(visitorAddress(new Headers({ "x-forwarded-for": "203.0.113.9" }), 0)).toBeNull();
  });
});
