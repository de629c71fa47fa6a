import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from "node:crypto";
import {
  type FakeOptions,
  type HttpAnswer,
  type HttpFake,
  type HttpProtocol,
  type HttpRequest,
  httpProtocol,
  listenHttp,
  meet,
} from "./http-fake";

/** A message that reached a browser, decrypted there. */
export interface WebPushMessage {
  /** The endpoint's path. */
  path: string;
  ttlSeconds: number;
  urgency: string;
  topic: string;
  /** The claims of the VAPID token. */
  vapid: { aud: string; sub: string; exp: number };
  payload: Record<string, unknown>;
}

export interface WebPushProtocol extends HttpProtocol {
  /** A browser subscribes for messages signed with a VAPID key. @returns its subscription as JSON */
  subscribe(vapidPublicKey: string): string;
  /** Every browser takes its subscription back. */
  unsubscribeAll(): void;
}

interface Browser {
  vapidPublicKey: string;
  ecdh: ReturnType<typeof createECDH>;
  auth: Buffer;
}

/** Where subscriptions say that they are. */
const origin = "https://push.example.com";
/** A VAPID token's longest life, in seconds (RFC 8292, 2). */
const tokenLifeSeconds = 86_400;
/** Largest body that a push service must take, in bytes (RFC 8030, 7.2). */
const maxBodyBytes = 4_096;

/** A push service (RFC 8030) with its browsers: checks the VAPID signature, and decrypts what arrives. Counts by topic. */
export function webPushProtocol(onMessage?: (message: WebPushMessage) => void): WebPushProtocol {
  const browsers = new Map<string, Browser>();
  let sent = 0;

  const protocol = httpProtocol(({ script, tally }) => (request) => {
    if (request.method !== "POST") return { status: 405, body: "only POST" };
    return meet(script, () => {
      const browser = browsers.get(request.path);
      if (!browser) return { status: 410, body: "push subscription has unsubscribed or expired." };
      const { headers, body, path } = request;
      const vapid = vapidOf(headers.authorization ?? "", browser);
      if (typeof vapid === "string") return { status: 403, body: vapid };
      const refusal = refusalOf(request);
      if (refusal) return refusal;
      const { ttl, urgency = "normal", topic = "" } = headers;
      tally.add(String(topic));
      onMessage?.({
        path,
        ttlSeconds: Number(ttl),
        urgency: String(urgency),
        topic: String(topic),
        vapid,
        payload: JSON.parse(decrypt(body, browser).toString()) as Record<string, unknown>,
      });
      return { status: 201, headers: { location: `${origin}/message/${++sent}` } };
    });
  });

  return {
    ...protocol,
    subscribe(vapidPublicKey) {
      const path = `/send/${randomBytes(16).toString("base64url")}`;
      const ecdh = createECDH("prime256v1");
      const keys = { p256dh: ecdh.generateKeys("base64url"), auth: randomBytes(16) };
      browsers.set(path, { vapidPublicKey, ecdh, auth: keys.auth });
      const told = {
        endpoint: origin + path,
        expirationTime: null,
        keys: { ...keys, auth: keys.auth.toString("base64url") },
      };
      return JSON.stringify(told);
    },
    unsubscribeAll: () => browsers.clear(),
  };
}

export function createWebPushFake({
  port,
  onMessage,
}: FakeOptions<WebPushMessage> = {}): Promise<WebPushProtocol & HttpFake> {
  return listenHttp(webPushProtocol(onMessage), port);
}

/** Claims of an `Authorization: vapid t=…, k=…` (RFC 8292), or what is wrong with it. */
function vapidOf(authorization: string, { vapidPublicKey }: Browser): WebPushMessage["vapid"] | string {
  const [, token = "", key = ""] = /^vapid t=([^,]+), ?k=(\S+)$/.exec(authorization) ?? [];
  if (key !== vapidPublicKey) return "the VAPID credentials do not correspond to those the browser subscribed with";
  const [head = "", claims = "", signature = ""] = token.split(".");
  const point = Buffer.from(key, "base64url");
  const jwk = {
    kty: "EC",
    crv: "P-256",
    x: point.subarray(1, 33).toString("base64url"),
    y: point.subarray(33).toString("base64url"),
  };
  const options = { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" } as const;
  if (!verify("sha256", Buffer.from(`${head}.${claims}`), options, Buffer.from(signature, "base64url"))) {
    return "the VAPID token's signature is wrong";
  }
  const vapid = JSON.parse(Buffer.from(claims, "base64url").toString()) as WebPushMessage["vapid"];
  const livesFor = vapid.exp - Date.now() / 1_000;
  if (vapid.aud !== origin || livesFor < 0 || livesFor > tokenLifeSeconds)
    return "the VAPID token is not for here and now";
  return vapid;
}

function refusalOf({ headers, body }: HttpRequest): HttpAnswer | null {
  const { ttl, topic, urgency = "normal", "content-encoding": encoding } = headers;
  if (!/^\d+$/.test(String(ttl))) return { status: 400, body: "a TTL is needed" };
  if (encoding !== "aes128gcm") return { status: 400, body: "the encoding must be aes128gcm" };
  if (topic !== undefined && !/^[\w-]{1,32}$/.test(String(topic)))
    return { status: 400, body: "the topic is no topic" };
  if (!["very-low", "low", "normal", "high"].includes(String(urgency))) return { status: 400, body: "no such urgency" };
  return body.length > maxBodyBytes ? { status: 413, body: "the message is too large" } : null;
}

/** RFC 8291 on RFC 8188: one record, its keys from both sides' ECDH and the browser's secret. */
function decrypt(body: Buffer, { ecdh, auth }: Browser): Buffer {
  const salt = body.subarray(0, 16);
  const senderKey = body.subarray(21, 21 + body.readUInt8(20));
  const record = body.subarray(21 + senderKey.length);
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), ecdh.getPublicKey(), senderKey]);
  const secret = Buffer.from(hkdfSync("sha256", ecdh.computeSecret(senderKey), auth, info, 32));
  const derive = (what: string, length: number) =>
    Buffer.from(hkdfSync("sha256", secret, salt, `Content-Encoding: ${what}\0`, length));
  const decipher = createDecipheriv("aes-128-gcm", derive("aes128gcm", 16), derive("nonce", 12));
  decipher.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  return padded.subarray(0, padded.lastIndexOf(2)); // 2 marks the end of the last record
}
