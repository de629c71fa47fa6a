import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { ConnectedAccount, ProviderContext } from "./provider";
import { channels, providers } from "./registry";
import { type Failure, failures, type OtherSide } from "./testing/other-side";
import { sides } from "./testing/sides";

const outboundAllow = ["127.0.0.0/8"];

/** A message of each channel. */
const messages: Record<string, { to: string; content: unknown }> = {
  email: { to: "ann@example.com", content: { subject: "Hello", html: "<p>Hi</p>", text: "Hi" } },
  sms: { to: "+14155550123", content: { text: "Hi" } },
  whatsapp: { to: "+14155550123", content: { text: "Hi" } },
  push: { to: "device-token-1", content: { title: "Hello", body: "Hi" } },
  in_app: { to: "usr_1", content: { title: "Hello", body: "Hi" } },
  webhook: { to: "https://example.com/", content: { payload: { hello: "hi" } } },
  chat: { to: "https://hooks.slack.com/services/T0/B0/secret", content: { title: "Hello", text: "Hi" } },
};

test("channels and providers are known by their own ids", () => {
  for (const [id, channel] of channels) expect(channel.id).toBe(id);
  for (const [id, provider] of providers) expect(provider.id).toBe(id);
});

test("every provider has another side to test with, and every channel a provider", () => {
  expect(Object.keys(sides).sort()).toEqual([...providers.keys()].sort());
  expect(Object.keys(messages).sort()).toEqual([...channels.keys()].sort());
  const served = new Set([...providers.values()].filter(({ id }) => id !== "sandbox").flatMap((p) => p.channels));
  expect([...served].sort()).toEqual([...channels.keys()].sort());
});

test("every setting is named for people, so that forms can be drawn from the schema", () => {
  const nameless = [...providers.values()].flatMap(({ id, config }) => {
    const { properties = {} } = z.toJSONSchema(config, { io: "input" });
    return Object.entries(properties).flatMap(([name, schema]) =>
      typeof schema === "object" && schema.title ? [] : [`${id}.${name}`],
    );
  });
  expect(nameless).toEqual([]);
});

describe.each([...providers.values()])("provider $id", (provider) => {
  let side: OtherSide;
  let sender: ConnectedAccount;
  beforeAll(async () => {
    side = await (sides[provider.id]?.() ?? Promise.reject(new Error(`no other side for ${provider.id}`)));
    sender = await provider.connect(provider.config.parse(side.config), { outboundAllow });
  });
  afterAll(async () => {
    await sender?.close?.();
    await side?.close();
  });

  function send(channel: string, to?: string, signal = new AbortController().signal) {
    const { content, to: usual = "" } = messages[channel] ?? {};
    const message = { channel, to: to ?? side.to?.[channel] ?? usual, content };
    return sender.send(message, { idempotencyKey: "dlv_01abc", attempt: 1, signal });
  }

  test("serves channels that exist", () => {
    expect(provider.channels.length).toBeGreaterThan(0);
    for (const id of provider.channels) expect(channels.has(id)).toBe(true);
    expect(provider.sendsBatches ?? false).toBe(sender.many !== undefined);
  });

  test("has a JSON schema that a form can be drawn from, and marks its secrets", () => {
    const schema = z.toJSONSchema(provider.config, { io: "input" });
    expect(schema.type).toBe("object");
    for (const [path, property] of leavesOf(schema)) {
      const isSecret = /password|token|private|secret|api_?key|signing_?key/i.test(path);
      expect([path, property.writeOnly === true]).toEqual([path, isSecret]);
    }
  });

  test.each(provider.channels)("sends on %s", async (channel) => {
    expect(channels.get(channel)?.content.safeParse(messages[channel]?.content).success).toBe(true);
    const outcome = await send(channel);
    expect(outcome).toMatchObject({ kind: "sent", providerMessageId: expect.stringMatching(/./) });
  });

  test.each(Object.entries(failures) as [Failure, string][])(
    "makes of %s an outcome that is %s",
    async (failure, kind) => {
      if (!side.fail) return expect(provider.honoursIdempotencyKey).toBe(true); // nothing remote that could fail
      const to = side.fail(failure);
      const controller = new AbortController();
      const sending = send(provider.channels[0] ?? "", to, controller.signal);
      if (failure === "hang") {
        await side.hangs?.();
        controller.abort();
      }
      expect(await sending).toMatchObject({ kind, reason: expect.stringMatching(/./) });
    },
  );

  test("with a signal aborted already it sends nothing, and does not throw", async () => {
    const outcome = await send(provider.channels[0] ?? "", undefined, AbortSignal.abort());
    expect(["sent", "deferred"]).toContain(outcome.kind);
    if (side.fail && provider.id !== "sandbox") expect(outcome.kind).toBe("deferred");
  });
});

/** Settings of an account that lead to its other side, by its address or by a name of it. */
function pointedTo(host: string, config: unknown): unknown {
  return JSON.parse(JSON.stringify(config).replaceAll("127.0.0.1", host));
}

const withOwnHost = [...providers.values()].filter(({ config }) =>
  ["host", "apiUrl"].some((name) => name in ((z.toJSONSchema(config, { io: "input" }) as JsonSchema).properties ?? {})),
);

describe.each(withOwnHost)("an account of $id", (provider) => {
  let side: OtherSide;
  beforeAll(async () => {
    side = await (sides[provider.id]?.() ?? Promise.reject(new Error(`no other side for ${provider.id}`)));
  });
  afterAll(() => side?.close());

  async function sendTo(host: string, context: ProviderContext) {
    const sender = await provider.connect(provider.config.parse(pointedTo(host, side.config)), context);
    const [channel = ""] = provider.channels;
    const { content, to = "" } = messages[channel] ?? {};
    const options = { idempotencyKey: "dlv_01abc", attempt: 1, signal: AbortSignal.timeout(5_000) };
    const outcome = await sender.send({ channel, to: side.to?.[channel] ?? to, content }, options);
    await sender.close?.();
    return outcome;
  }

  test.each(["127.0.0.1", "localhost"])("that a tenant points to %s reaches nobody", async (host) => {
    const outcome = await sendTo(host, { outboundAllow: [] });
    expect(outcome).toEqual({ kind: expect.any(String), reason: expect.stringMatching(/not (a )?public/) });
    const config = provider.config.parse(pointedTo(host, side.config));
    const check = await provider.check?.(config, { outboundAllow: [] }, AbortSignal.timeout(5_000));
    if (provider.check) expect(check).toMatchObject({ kind: "unreachable", reason: expect.stringMatching(/public/) });
  });

  // Where the person's address is a URL too, it stays behind the guard whoever owns the account.
  if (provider.channels.includes("chat") || provider.id === "web-push") return;
  test("that the operator points to our own networks reaches them", async () => {
    expect(await sendTo("127.0.0.1", { outboundAllow: [], isTrusted: true })).toMatchObject({ kind: "sent" });
  });
});

/** A server that a tenant may point an account to. */
async function listen(onRequest: RequestListener) {
  const server = createServer(onRequest).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

const overHttp = withOwnHost.filter(
  ({ config }) => "apiUrl" in ((z.toJSONSchema(config, { io: "input" }) as JsonSchema).properties ?? {}),
);

describe.each(overHttp)("an account of $id whose server", (provider) => {
  const megabyte = "x".repeat(1_000_000);
  const [channel = ""] = provider.channels;

  /** What comes of a message, and of asking for the credentials, where the server answers so. */
  async function meet(onRequest: RequestListener) {
    const side = await (sides[provider.id]?.() ?? Promise.reject(new Error(`no other side for ${provider.id}`)));
    const server = await listen(onRequest);
    const config = provider.config.parse({ ...(side.config as object), apiUrl: server.url });
    const sender = await provider.connect(config, { outboundAllow });
    const { content, to = "" } = messages[channel] ?? {};
    const options = { idempotencyKey: "dlv_01abc", attempt: 1, signal: AbortSignal.timeout(5_000) };
    const outcome = await sender.send({ channel, to: side.to?.[channel] ?? to, content }, options);
    const check = await provider.check?.(config, { outboundAllow }, AbortSignal.timeout(5_000));
    await sender.close?.();
    await side.close();
    server.close();
    return { outcome, check };
  }

  test("redirects is followed nowhere", async () => {
    let followed = 0;
    const elsewhere = await listen((_request, response) => {
      followed += 1;
      response.end("{}");
    });
    const { outcome, check } = await meet((request, response) => {
      request.resume();
      response.writeHead(302, { location: `${elsewhere.url}/latest/meta-data` }).end();
    });
    elsewhere.close();
    expect(followed).toBe(0);
    expect(outcome.kind).not.toBe("sent");
    expect(check?.kind).not.toBe("good");
  });

  test("answers without an end is not read to the end", async () => {
    let most = 0;
    const { outcome } = await meet((request, response) => {
      request.resume();
      response.writeHead(400, { "content-type": "application/json" });
      response.write('{"message":"');
      let sent = 0;
      const more = () => {
        while (sent < 50 && !response.destroyed) {
          sent += 1;
          most = Math.max(most, sent);
          if (!response.write(megabyte)) return void response.once("drain", more);
        }
        response.end('"}');
      };
      more();
    });
    expect(most).toBeLessThan(20); // what sockets hold by themselves
    expect(outcome.kind).not.toBe("sent");
    expect("reason" in outcome && outcome.reason.length).toBeLessThan(2_000);
  });

  test("answers little that is much once it is unpacked has it left packed", async () => {
    const packed = gzipSync(JSON.stringify({ message: megabyte, errors: [{ message: megabyte }], Message: megabyte }));
    const { outcome } = await meet((request, response) => {
      request.resume();
      response.writeHead(400, { "content-type": "application/json", "content-encoding": "gzip" }).end(packed);
    });
    expect(outcome.kind).not.toBe("sent");
    expect("reason" in outcome && outcome.reason.length).toBeLessThan(2_000);
  });
});

test("no SDK is loaded before an account connects, and once closed nothing keeps the process alive", async () => {
  const opened = await Promise.all([...providers.keys()].map(async (id) => ({ id, ...(await sides[id]?.()) })));
  const plan = opened.map(({ id, config, to }) => {
    const channel = providers.get(id)?.channels[0] ?? "";
    const { content, to: usual } = messages[channel] ?? {};
    return { id, config, message: { channel, to: to?.[channel] ?? usual, content } };
  });
  const script = `
    import { register } from "node:module";
    import { MessageChannel } from "node:worker_threads";
    const { port1, port2 } = new MessageChannel();
    const packages = new Set();
    const marker = "data:text/javascript,'all before is told'";
    const told = new Promise((resolve) => port1.on("message", (url) => {
      packages.add(/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1]);
      if (url === marker) resolve();
    }));
    const hooks = "let port; export function initialize(given) { port = given; }" +
      "export function load(url, context, next) { port.postMessage(url); return next(url, context); }";
    register("data:text/javascript," + encodeURIComponent(hooks), { data: port2, transferList: [port2] });
    const { providers } = await import(${JSON.stringify(new URL("./registry.ts", import.meta.url).href)});
    await import(marker);
    await told;
    port1.close();
    const beforeConnect = [...packages].filter(Boolean);
    const kinds = [];
    for (const { id, config, message } of ${JSON.stringify(plan)}) {
      const provider = providers.get(id);
      const sender = await provider.connect(provider.config.parse(config), { outboundAllow: ${JSON.stringify(outboundAllow)} });
      const options = { idempotencyKey: "dlv_1", attempt: 1, signal: new AbortController().signal };
      kinds.push((await sender.send(message, options)).kind);
      await sender.close?.();
    }
    console.log(JSON.stringify({ beforeConnect, kinds }));
  `;
  const run = promisify(execFile);
  const args = ["--import", "tsx", "--input-type=module", "--eval", script];
  const cwd = fileURLToPath(new URL("../../..", import.meta.url));
  const { stdout } = await run(process.execPath, args, { cwd, timeout: 20_000 });
  const { beforeConnect, kinds } = JSON.parse(stdout) as { beforeConnect: string[]; kinds: string[] };
  expect(beforeConnect).toContain("zod");
  const light = ["zod", "undici", "ipaddr.js", "libphonenumber-js", "sms-segments-calculator", "typeid-js", "uuidv7"];
  expect(beforeConnect.filter((name) => !light.includes(name))).toEqual([]);
  expect(kinds).toEqual(plan.map(() => "sent"));
  for (const side of opened) await side.close?.();
});

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  writeOnly?: boolean;
}

/** Every setting of a schema that is not an object itself, by its path. */
function leavesOf(schema: unknown, path = ""): [string, JsonSchema][] {
  const { properties } = schema as JsonSchema;
  if (!properties) return path === "" ? [] : [[path, schema as JsonSchema]];
  return Object.entries(properties).flatMap(([name, inner]) => leavesOf(inner, path ? `${path}.${name}` : name));
}
