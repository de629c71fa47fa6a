import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createScript, type Script } from "./script";
import { createTally, type Tally } from "./tally";

/** How a fake meets a request. `hang` never answers, `reset` breaks the connection off, `until` accepts it, but only then. */
export type HttpFault = HttpAnswer | "hang" | "reset" | { until: Promise<unknown> };

export interface HttpAnswer {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON unless it is text. */
  body?: unknown;
}

export interface HttpRequest {
  method: string;
  /** Without the query, and without what the fake is mounted under. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A company's protocol, apart from the socket it is spoken over. */
export interface HttpProtocol {
  /** Faults for the requests that carry messages. */
  script: Script<HttpFault>;
  /** Messages accepted, by the id that stays the same when one is sent again. */
  tally: Tally;
  answer(request: HttpRequest): Reaction | Promise<Reaction>;
}
type Reaction = HttpAnswer | "hang" | "reset";

/** A protocol on a port of its own. */
export interface HttpFake extends HttpProtocol {
  port: number;
  url: string;
  close(): Promise<void>;
}

export interface FakeOptions<Message> {
  /** 0 picks a free one. */
  port?: number;
  /** Called with each message as it is accepted. */
  onMessage?(message: Message): void;
}

const maxBodyBytes = 50_000_000;

/** The faults and the count that every HTTP fake has. */
export function httpProtocol(
  answer: (own: { script: Script<HttpFault>; tally: Tally }) => HttpProtocol["answer"],
): HttpProtocol {
  const own = { script: createScript<HttpFault>(), tally: createTally() };
  return { ...own, answer: answer(own) };
}

/** Plays the next fault of a script, or accepts. */
export function meet(script: Script<HttpFault>, accept: () => HttpAnswer): Reaction | Promise<Reaction> {
  const fault = script.take();
  if (fault === undefined) return accept();
  if (typeof fault === "object" && "until" in fault) return fault.until.then(accept);
  return fault;
}

export async function listenHttp<Protocol extends HttpProtocol>(
  protocol: Protocol,
  port = 0,
): Promise<Protocol & HttpFake> {
  const server = createServer((request, response) => {
    serve(protocol, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const bound = (server.address() as AddressInfo).port;
  return {
    ...protocol,
    port: bound,
    url: `http://127.0.0.1:${bound}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers one request by a protocol. `prefix` is what the protocol is mounted under, `/twilio`. */
export async function serve(
  protocol: HttpProtocol,
  request: IncomingMessage,
  response: ServerResponse,
  prefix = "",
): Promise<void> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBodyBytes) return void request.socket.destroy();
    chunks.push(chunk);
  }
  const [path = "", query] = (request.url ?? "").slice(prefix.length).split("?", 2);
  const { method = "GET", headers } = request;
  const answer = await protocol.answer({
    method,
    path,
    query: new URLSearchParams(query),
    headers,
    body: Buffer.concat(chunks),
  });
  if (answer === "hang") return;
  if (answer === "reset") return void request.socket.resetAndDestroy();
  const isText = typeof answer.body === "string";
  response.writeHead(answer.status, {
    "content-type": isText ? "text/plain; charset=utf-8" : "application/json",
    ...answer.headers,
  });
  response.end(answer.body === undefined ? "" : isText ? answer.body : JSON.stringify(answer.body));
}
