import { AsyncLocalStorage } from "node:async_hooks";
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import https from "node:https";
import net from "node:net";
import { type OutboundGuard, OutboundRefused } from "../outbound-guard";
import { retryAfterMs } from "../retry-after";
import { maxAnswerBytes } from "./vendor-api";

/** How one call of a vendor's SDK ended, with what its error does not tell. */
export type VendorAnswer<Answer> =
  | { answer: Answer }
  | {
      error: unknown;
      /** The request left and nothing certain came back: the vendor may have acted on it. */
      ambiguous: boolean;
      /** HTTP status of the answer; undefined when there was none. */
      status: number | undefined;
      retryAfterMs: number | undefined;
    };

/** The sockets under a vendor's SDK. */
export interface VendorAgent {
  /** Hand this to the SDK as its HTTPS agent. */
  agent: https.Agent;
  /** Runs one call of the SDK as one attempt: aborted by `signal`, one request for the message at most. Never throws. */
  attempt<Answer>(signal: AbortSignal, call: () => Promise<Answer>): Promise<VendorAnswer<Answer>>;
  close(): void;
}

interface Attempt {
  signal: AbortSignal;
  request?: ClientRequest;
  /** The whole request was handed to the operating system. */
  left: boolean;
  /** What befell its request; the SDK's own error may be about a later one that was refused here. */
  error?: Error;
  status?: number;
  retryAfterMs?: number | undefined;
}

/** The part of Node's agent that @types/node leaves out; agent-base has been built on it since Node 0.12. */
interface RequestTaker {
  addRequest(request: ClientRequest, options: RequestOptions): void;
}

const maxSockets = 50;

/**
 * An HTTPS agent that gives an SDK what it lacks: another base URL, an abort signal per call, Retry-After, answers of a
 * bounded size, and neither retries of its own nor redirects. The SDK's code stays as it is.
 * @param apiUrl base URL to reach instead of the vendor's own: a regional edge, a gateway, a fake; behind the guard, since
 * tenants may write it
 */
export function vendorAgent(apiUrl: string | undefined, { refusalOf, lookup }: OutboundGuard): VendorAgent {
  const target = apiUrl === undefined ? null : new URL(apiUrl);
  const attempts = new AsyncLocalStorage<Attempt>();
  const base = https.Agent.prototype as https.Agent & RequestTaker;

  class Agent extends https.Agent implements RequestTaker {
    addRequest(request: ClientRequest, options: RequestOptions): void {
      const attempt = attempts.getStore();
      if (attempt) watch(request, attempt);
      if (target) redirect(request, options, target);
      base.addRequest.call(this, request, options);
    }

    override createConnection(...[options, callback]: Parameters<https.Agent["createConnection"]>) {
      if (target?.protocol !== "http:") return super.createConnection({ ...options, lookup }, callback);
      return net.connect({ host: options.host ?? "localhost", port: Number(options.port), lookup });
    }
  }
  const agent = new Agent({ keepAlive: true, maxSockets });

  return {
    agent,
    async attempt(signal, call) {
      const refusal = apiUrl === undefined ? null : refusalOf(apiUrl);
      if (refusal) {
        const error = new OutboundRefused(refusal);
        return { error, ambiguous: false, status: undefined, retryAfterMs: undefined };
      }
      const attempt: Attempt = { signal, left: false };
      let onAbort = () => {};
      const aborted = new Promise<never>((_resolve, reject) => {
        onAbort = () => {
          attempt.request?.destroy(abortError(signal));
          reject(abortError(signal));
        };
      });
      try {
        signal.throwIfAborted();
        signal.addEventListener("abort", onAbort, { once: true });
        return { answer: await Promise.race([aborted, attempts.run(attempt, call)]) };
      } catch (error) {
        const { left, status } = attempt;
        const ambiguous = left && (status === undefined || status < 300 || status === 504);
        return { error: attempt.error ?? error, ambiguous, status, retryAfterMs: attempt.retryAfterMs };
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    },
    close: () => agent.destroy(),
  };
}

function watch(request: ClientRequest, attempt: Attempt): void {
  // An SDK that tries again by itself would send twice within one attempt, and after it was given up.
  if (attempt.request) request.destroy(new Error("one attempt sends one request"));
  if (attempt.signal.aborted) request.destroy(abortError(attempt.signal));
  if (request.destroyed) return;
  attempt.request = request;
  request.setHeader("accept-encoding", "identity");
  request.once("finish", () => {
    attempt.left = true;
  });
  request.once("error", (error) => {
    attempt.error = error;
  });
  request.prependOnceListener("response", (response) => {
    attempt.status = response.statusCode ?? 0;
    attempt.retryAfterMs = retryAfterMs(response.headers["retry-after"]);
    // SDKs wait and retry on 503 only; as a 500 it reaches us at once, with the vendor's words.
    if (response.statusCode === 503) response.statusCode = 500;
    // SDKs follow redirects past the guard, and unpack what nobody asked to be packed, to whatever it comes to.
    delete response.headers.location;
    delete response.headers["content-encoding"];
    bound(response);
  });
}

/** Breaks an answer off that is longer than any of a vendor's: SDKs keep all of it. */
function bound(response: IncomingMessage): void {
  const push = response.push.bind(response);
  let sizeBytes = 0;
  response.push = (chunk: Buffer | null, encoding) => {
    sizeBytes += chunk?.length ?? 0;
    if (sizeBytes <= maxAnswerBytes) return push(chunk, encoding);
    response.destroy(new Error(`the answer is longer than ${maxAnswerBytes} bytes`));
    return false;
  };
}

function redirect(request: ClientRequest, options: RequestOptions, target: URL): void {
  request.path = target.pathname.replace(/\/$/, "") + request.path;
  request.setHeader("host", target.host);
  options.host = target.hostname.replace(/^\[|\]$/g, "");
  options.port = target.port || (target.protocol === "https:" ? 443 : 80);
}

function abortError(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error(`aborted: ${String(signal.reason)}`);
}
