import {
  type ClientHttp2Session,
  connect,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
} from "node:http2";
import type { OutboundGuard } from "../outbound-guard";

export type Http2Answer =
  | { status: number; headers: IncomingHttpHeaders; text: string }
  | {
      reason: string;
      /** The request left and nothing certain came back. */
      ambiguous: boolean;
      /** The server said that it did not look at the request: another connection may take it at once. */
      untaken: boolean;
    };

/** One kept HTTP/2 connection to one origin, made when first used and made anew when it ended. */
export interface Http2Connection {
  /** One request, no retries. Never throws for what the network or the server does. */
  post(headers: OutgoingHttpHeaders, body: string, signal: AbortSignal): Promise<Http2Answer>;
  close(): void;
}

const connectTimeoutMs = 5_000;
/** How often an open connection is asked whether it still is one: firewalls forget what is silent, and tell nobody. */
const pingEveryMs = 5 * 60_000;
const pingTimeoutMs = 10_000;
/** Most of an answer that is read, in characters. */
const maxAnswer = 20_480;

/** @param origin `https://host:port`; `http://` speaks HTTP/2 without TLS. Behind the guard, since tenants may write it */
export function http2Connection(origin: string, { refusalOf, lookup }: OutboundGuard): Http2Connection {
  let current: { session: ClientHttp2Session; isUp: boolean } | null = null;

  function open() {
    // Closed is also one that the server has said goodbye on; what is under way there goes on.
    if (current && !current.session.closed && !current.session.destroyed) return current;
    const session = connect(origin, { lookup });
    const opened = { session, isUp: false };
    const late = setTimeout(() => session.destroy(new Error("no connection in time")), connectTimeoutMs);
    const pinging = setInterval(() => ping(session), pingEveryMs);
    session.once("connect", () => {
      opened.isUp = true;
      clearTimeout(late);
    });
    session.once("close", () => {
      clearTimeout(late);
      clearInterval(pinging);
    });
    session.on("error", () => {}); // every request on it is told the same
    current = opened;
    return opened;
  }

  return {
    post(headers, body, signal) {
      const refusal = signal.aborted ? "aborted before it was sent" : refusalOf(origin);
      if (refusal) return Promise.resolve({ reason: refusal, ambiguous: false, untaken: false });
      const onto = open();
      const stream = onto.session.request({ ":method": "POST", ...headers }, { signal });
      let answered: (IncomingHttpHeaders & IncomingHttpStatusHeader) | undefined;
      let failure: Error | undefined;
      let text = "";
      stream.setEncoding("utf8");
      stream.once("response", (given) => {
        answered = given;
      });
      stream.on("data", (part: string) => {
        text += part.slice(0, maxAnswer - text.length);
      });
      stream.on("error", (error) => {
        failure ??= error;
      });
      stream.end(body);
      return new Promise((resolve) => {
        stream.once("close", () => {
          const status = answered?.[":status"];
          if (answered && status !== undefined) return resolve({ status, headers: answered, text });
          if (signal.aborted && onto.isUp) ping(onto.session); // it may hang because nobody is there
          const untaken = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
          const reason = failure ? wordsOf(failure) : `the stream was closed with code ${stream.rstCode}`;
          resolve({ reason, ambiguous: onto.isUp && !untaken, untaken });
        });
      });
    },
    close: () => current?.session.destroy(),
  };
}

/** Ends a connection on which nobody answers. */
function ping(session: ClientHttp2Session): void {
  if (session.connecting || session.destroyed) return;
  const late = setTimeout(() => session.destroy(new Error("no answer to a ping")), pingTimeoutMs);
  session.once("close", () => clearTimeout(late));
  session.ping(() => clearTimeout(late));
}

/** Node wraps what befell the connection in an error of the request's own. */
function wordsOf(error: Error): string {
  if (error.cause instanceof Error) return wordsOf(error.cause);
  return error.message || String((error as { code?: unknown }).code);
}
