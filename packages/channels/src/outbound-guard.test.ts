import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { LookupFunction } from "node:net";
import { createWebhookSink } from "@tidings/tests/fakes/webhook-sink";
import { request } from "undici";
import { describe, expect, test } from "vitest";
import { OutboundRefused, outboundGuard, settingsGuard } from "./outbound-guard";

/** Every name has these addresses, one list after the other, the last one for ever. */
function dnsThatAnswers(...answers: string[][]): LookupFunction {
  let asked = 0;
  return (_hostname, options, callback) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? [];
    const all = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    if (options.all) callback(null, all);
    else callback(null, all[0]?.address ?? "", all[0]?.family ?? 0);
  };
}

async function connectThrough(guard: ReturnType<typeof outboundGuard>, url: string) {
  const agent = guard.agent();
  try {
    const { statusCode, body } = await request(url, { dispatcher: agent, method: "POST" });
    await body.dump();
    return statusCode;
  } catch (error) {
    return error;
  } finally {
    await agent.destroy();
  }
}

/** Posts twice to a name whose address changes in between, from the allowed one to another of this machine. */
async function rebind() {
  const sink = await createWebhookSink();
  const guard = outboundGuard(["127.0.0.1/32"], dnsThatAnswers(["127.0.0.1"], ["127.0.0.2"]));
  const url = `http://rebind.test:${sink.port}/`;
  const answers = [await connectThrough(guard, url), await connectThrough(guard, url)];
  await sink.close();
  return { answers, arrived: sink.tally.total };
}

/** Posts to a receiver that answers with a redirect. */
async function redirect(location: string) {
  const sink = await createWebhookSink();
  sink.script.next(1, { status: 302, headers: { location } });
  const answer = await connectThrough(outboundGuard(["127.0.0.0/8"]), sink.url);
  await sink.close();
  return answer;
}

/** Refused already by what their URL says; docs/outbound.md shows all of these with their answers. */
const refusedUrls = [
  ["another protocol", "ftp://example.com/", "not an http or https URL"],
  ["a file", "file:///etc/passwd", "not an http or https URL"],
  ["a script", "javascript:alert(1)", "not an http or https URL"],
  ["no URL", "not a url", "not an http or https URL"],
  ["name and password", "http://user:secret@example.com/", "credentials"],
  ["a name", "http://user@example.com/", "credentials"],
] as const;

const refusedNames: [what: string, addresses: string[]][] = [
  ["private", ["10.1.2.3"]],
  ["loopback", ["127.0.0.1"]],
  ["metadata", ["169.254.169.254"]],
  ["v4-mapped", ["::ffff:10.0.0.1"]],
  ["NAT64", ["64:ff9b::a00:1"]],
  ["public and private together", ["93.184.216.34", "10.0.0.1"]],
  ["nothing", []],
];

const refusedHosts: [what: string, host: string][] = [
  ["loopback", "127.0.0.1"],
  ["loopback, another", "127.8.8.8"],
  ["loopback v6", "[::1]"],
  ["unspecified", "0.0.0.0"],
  ["unspecified v6", "[::]"],
  ["private 10/8", "10.0.0.1"],
  ["private 172.16/12", "172.31.255.1"],
  ["private 192.168/16", "192.168.1.1"],
  ["unique local v6", "[fd12:3456::1]"],
  ["link-local", "169.254.1.1"],
  ["link-local v6", "[fe80::1]"],
  ["site-local v6", "[fec0::1]"],
  ["metadata", "169.254.169.254"],
  ["metadata v6", "[fd00:ec2::254]"],
  ["CGNAT", "100.64.0.1"],
  ["CGNAT metadata (Alibaba)", "100.100.100.200"],
  ["broadcast", "255.255.255.255"],
  ["multicast", "224.0.0.1"],
  ["multicast v6", "[ff02::1]"],
  ["reserved", "240.0.0.1"],
  ["documentation", "192.0.2.1"],
  ["documentation v6", "[2001:db8::1]"],
  ["benchmarking", "198.18.0.1"],
  ["v4-mapped", "[::ffff:127.0.0.1]"],
  ["v4-mapped in hex", "[::ffff:7f00:1]"],
  ["v4-mapped metadata", "[::ffff:169.254.169.254]"],
  ["v4-compatible", "[::127.0.0.1]"],
  ["v4-translated", "[::ffff:0:127.0.0.1]"],
  ["NAT64", "[64:ff9b::7f00:1]"],
  ["NAT64, local use", "[64:ff9b:1::7f00:1]"],
  ["6to4", "[2002:7f00:1::]"],
  ["Teredo", "[2001:0:7f00:1::]"],
  ["discard", "[100::1]"],
  ["not assigned", "[4000::1]"],
  ["decimal literal", "2130706433"],
  ["hex literal", "0x7f000001"],
  ["octal literal", "017700000001"],
  ["octal parts", "0177.0.0.1"],
  ["hex parts", "0x7f.0x0.0x0.0x1"],
  ["short form", "127.1"],
  ["full-width digits", "１２７.０.０.１"],
  ["percent-encoded", "%31%32%37.0.0.1"],
];

describe("hosts that are addresses", () => {
  test.each(refusedHosts)("%s: %s is refused, by its URL and again at the socket", async (_name, host) => {
    const guard = outboundGuard([]);
    expect(guard.refusalOf(`http://${host}/hook`)).toMatch(/is not a public address/);
    expect(await connectThrough(guard, `http://${host}:9/hook`)).toBeInstanceOf(OutboundRefused);
  });

  test.each(["93.184.216.34", "[2606:2800:220:1:248:1893:25c8:1946]", "example.com", "1.1.1.1"])(
    "%s passes",
    (host) => {
      expect(outboundGuard([]).refusalOf(`https://${host}/hook`)).toBeNull();
    },
  );
});

describe("hosts that are names", () => {
  test.each(refusedNames)("a name that resolves to %s is refused", async (_name, addresses) => {
    const guard = outboundGuard([], dnsThatAnswers(addresses));
    expect(await connectThrough(guard, "http://hook.test:9/")).toBeInstanceOf(OutboundRefused);
  });

  test("a name whose answer changes is refused when it does: the address checked is the one connected to", async () => {
    const { answers, arrived } = await rebind();
    expect(answers).toEqual([200, expect.any(OutboundRefused)]);
    expect(arrived).toBe(1);
  });

  test("a name that really is loopback is refused", async () => {
    expect(await connectThrough(outboundGuard([]), "http://localhost:9/")).toBeInstanceOf(OutboundRefused);
  });
});

test.each(refusedUrls)("%s: %s is refused", (_, url, words) => {
  expect(outboundGuard([]).refusalOf(url)).toContain(words);
});

describe("a socket for clients that take one", () => {
  async function errorOf(guard: ReturnType<typeof outboundGuard>, host: string): Promise<unknown> {
    const [error] = await once(guard.connect(host, 9), "error");
    return error;
  }

  test.each(["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1"])("goes not to %s", async (host) => {
    expect(await errorOf(outboundGuard([]), host)).toBeInstanceOf(OutboundRefused);
  });

  test.each([["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"], ["93.184.216.34", "10.0.0.1"]])(
    "goes not to a name of %s",
    async (...addresses) => {
      expect(await errorOf(outboundGuard([], dnsThatAnswers(addresses)), "mail.test")).toBeInstanceOf(OutboundRefused);
    },
  );

  test("goes to what is allowed", async () => {
    const sink = await createWebhookSink();
    const socket = outboundGuard(["127.0.0.1/32"], dnsThatAnswers(["127.0.0.1"])).connect("sink.test", sink.port);
    await once(socket, "connect");
    socket.destroy();
    await sink.close();
  });
});

test("the settings of an account are guarded unless the operator wrote them", () => {
  const url = "http://10.0.0.1/";
  expect(settingsGuard({ outboundAllow: [] }).refusalOf(url)).toBe("10.0.0.1 is not a public address");
  expect(settingsGuard({ outboundAllow: ["10.0.0.0/8"] }).refusalOf(url)).toBeNull();
  expect(settingsGuard({ outboundAllow: [], isTrusted: true }).refusalOf(url)).toBeNull();
  expect(settingsGuard({ outboundAllow: [], isTrusted: true }).refusalOf("http://[::1]/")).toBeNull();
});

test("a redirect is an answer and is not followed", async () => {
  expect(await redirect("http://169.254.169.254/")).toBe(302);
});

test("docs/outbound.md shows each hostile URL and its answer", async () => {
  const guard = outboundGuard([]);
  const named = await Promise.all(
    refusedNames.map(async ([, addresses]) => {
      const answer = await connectThrough(outboundGuard([], dnsThatAnswers(addresses)), "http://hook.test:9/");
      const leadsTo = addresses.map((address) => `\`${address}\``).join(" and ") || "no address";
      return ["http://hook.test/", `a name of ${leadsTo}`, answer];
    }),
  );
  const { answers } = await rebind();
  const rows = [
    ...refusedUrls.map(([what, url]) => [url, what, guard.refusalOf(url)]),
    ...refusedHosts.map(([what, host]) => [`http://${host}/`, what, guard.refusalOf(`http://${host}/`)]),
    ...named,
    ["http://localhost/", "a name of this machine", await connectThrough(guard, "http://localhost:9/")],
    ["http://rebind.test/", "a name that led to a permitted address a moment ago, and now to another", answers[1]],
    ["https://example.com/hook", "answers 302 to `http://169.254.169.254/`", await redirect("http://169.254.169.254/")],
  ].map(([url, what, answer]) => {
    const words = answer instanceof Error ? answer.message : answer === 302 ? "302, which is not followed" : answer;
    return `| \`${url}\` | ${what} | ${words} |`;
  });
  const page = readFileSync(new URL("../../../docs/outbound.md", import.meta.url), "utf8");
  const [, , ...shown] = page.split("\n").filter((line) => line.startsWith("|"));
  expect(shown).toEqual(rows);
});

test.each([
  [["127.0.0.0/8"], "127.0.0.1", true],
  [["127.0.0.0/8"], "[::ffff:127.0.0.1]", true],
  [["127.0.0.0/8"], "[::1]", false],
  [["::1/128"], "[::1]", true],
  [["10.1.0.0/16"], "10.2.0.1", false],
  [["10.1.0.0/16", "10.2.0.0/16"], "10.2.0.1", true],
])("allowing %j, %s passes: %s", (allow, host, passes) => {
  expect(outboundGuard(allow).refusalOf(`http://${host}/`) === null).toBe(passes);
});

test("a range that is none is refused at once", () => {
  expect(() => outboundGuard(["10.0.0.0"])).toThrow();
});
