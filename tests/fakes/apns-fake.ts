import { type KeyObject, verify } from "node:crypto";
import { once } from "node:events";
import {
  constants,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { type FakeOptions, type HttpAnswer, type HttpFake, httpProtocol, meet } from "./http-fake";

/** A notification that APNs accepted. */
export interface ApnsMessage {
  /** Its apns-id. */
  id: string;
  token: string;
  topic: string;
  headers: IncomingHttpHeaders;
  /** What was posted. */
  payload: { aps: { alert?: { title?: string; body?: string } } & Record<string, unknown> } & Record<string, unknown>;
}

export interface ApnsFake extends HttpFake {
  /** Connections ever accepted. */
  readonly accepted: number;
  /** Different provider tokens seen. */
  readonly providerTokens: number;
  /** Says goodbye on every connection; what is under way there is answered still. */
  goAway(): void;
  /** Has the next request closed unseen, as a server does that has just said goodbye. */
  refuseNext(): void;
}

export interface ApnsFakeOptions extends FakeOptions<ApnsMessage> {
  /** The public keys it knows, by key id. */
  keys: Readonly<Record<string, KeyObject>>;
  /** The bundle id that device tokens are for. */
  topic: string;
}

/** A provider token's longest life, in seconds. */
const tokenLifeSeconds = 3_600;
const maxPayloadBytes = 4_096;

/**
 * Apple's push service over HTTP/2 without TLS,
 * https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns. Device tokens that
 * begin with `dead` are unregistered, and one of zeros alone is nobody's. Counts by apns-id.
 */
export async function createApnsFake({ keys, topic, port = 0, onMessage }: ApnsFakeOptions): Promise<ApnsFake> {
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  const tokens = new Set<string>();
  let accepted = 0;
  let refusals = 0;

  const protocol = httpProtocol(({ script, tally }) => (request) => {
    const [, device = ""] = /^\/3\/device\/([^/]+)$/.exec(request.path) ?? [];
    if (!device) return problem(404, "BadPath");
    if (request.method !== "POST") return problem(405, "MethodNotAllowed");
    const { authorization = "" } = request.headers;
    const fault = tokenFault(authorization, keys);
    if (fault) return problem(403, fault);
    tokens.add(authorization);
    return meet(script, () => {
      const refusal = refusalOf(device, request.headers, request.body, topic);
      if (refusal) return refusal;
      const id = String(request.headers["apns-id"]);
      tally.add(id);
      onMessage?.({ id, token: device, topic, headers: request.headers, payload: JSON.parse(request.body.toString()) });
      return { status: 200, headers: { "apns-id": id } };
    });
  });

  async function serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    stream.on("error", () => {}); // a client that breaks off is part of what is played here
    if (refusals > 0) {
      refusals--;
      return stream.close(constants.NGHTTP2_REFUSED_STREAM);
    }
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    const { ":method": method = "", ":path": path = "" } = headers;
    const query = new URLSearchParams();
    const answer = await protocol.answer({ method, path, query, headers, body: Buffer.concat(chunks) });
    if (answer === "hang") return;
    if (answer === "reset") return void [...sockets].map((socket) => socket.resetAndDestroy());
    if (stream.destroyed) return;
    stream.respond({ ":status": answer.status, ...answer.headers });
    stream.end(typeof answer.body === "object" ? JSON.stringify(answer.body) : answer.body);
  }

  const server = createServer();
  server.on("connection", (socket: Socket) => {
    accepted++;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  server.on("stream", (stream, headers) => {
    serve(stream, headers).catch((error: unknown) => stream.destroy(error as Error));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const bound = (server.address() as AddressInfo).port;
  return {
    ...protocol,
    port: bound,
    url: `http://127.0.0.1:${bound}`,
    get accepted() {
      return accepted;
    },
    get providerTokens() {
      return tokens.size;
    },
    goAway() {
      for (const session of sessions) session.close();
    },
    refuseNext() {
      refusals++;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** An answer as Apple words its refusals. */
export function problem(status: number, reason: string, more: object = {}): HttpAnswer {
  return { status, body: { reason, ...more } };
}

function tokenFault(authorization: string, keys: ApnsFakeOptions["keys"]): string | null {
  if (!authorization) return "MissingProviderToken";
  const [head = "", claims = "", signature = ""] = authorization.replace(/^bearer /, "").split(".");
  const { alg, kid } = decode(head);
  const { iss, iat } = decode(claims);
  const key = keys[String(kid)];
  if (alg !== "ES256" || !key || !/^[A-Z0-9]{10}$/.test(String(iss))) return "InvalidProviderToken";
  const options = { key, dsaEncoding: "ieee-p1363" } as const;
  const signed = Buffer.from(`${head}.${claims}`);
  if (!verify("sha256", signed, options, Buffer.from(signature, "base64url"))) return "InvalidProviderToken";
  return Number(iat) * 1_000 > Date.now() - tokenLifeSeconds * 1_000 ? null : "ExpiredProviderToken";
}

function refusalOf(device: string, headers: IncomingHttpHeaders, body: Buffer, topic: string): HttpAnswer | null {
  const { "apns-topic": given, "apns-id": id, "apns-collapse-id": collapseId, "apns-push-type": type } = headers;
  if (!given) return problem(400, "MissingTopic");
  if (type !== "alert" && type !== "background") return problem(400, "InvalidPushType");
  if (!/^[0-9a-f]{64,200}$/i.test(device) || /^0+$/.test(device)) return problem(400, "BadDeviceToken");
  if (given !== topic) return problem(400, "DeviceTokenNotForTopic");
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(String(id))) return problem(400, "BadMessageId");
  if (String(collapseId ?? "").length > 64) return problem(400, "BadCollapseId");
  if (body.length > maxPayloadBytes) return problem(413, "PayloadTooLarge");
  return device.startsWith("dead") ? problem(410, "Unregistered", { timestamp: 1_700_000_000_000 }) : null;
}

function decode(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString());
  } catch {
    return {}; // a malformed token is refused for what it lacks
  }
}
