import { type Dispatcher, request } from "undici";
import { OutboundRefused, outboundGuard } from "../outbound-guard";
import type { SendOutcome } from "../provider";
import { retryAfterMs } from "../retry-after";
import { neverArrived } from "./never-arrived";

/** Most of an answer that is read, in bytes. */
const maxAnswerBytes = 20_480;
/** Most of an answer that goes into a reason, in characters. */
const maxWords = 500;
/** Longest wait for the answer's head, and then between two pieces of its body, in milliseconds. */
const answerTimeoutMs = 15_000;

/** What a receiver answered to a POST. */
export interface PostAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** The beginning of its body, at most 20,480 bytes. */
  text: string;
  /** Status and words, short enough for a reason. */
  reason: string;
  /** What its `Retry-After` asks to wait. */
  retryAfterMs: number | undefined;
}

/** Posts to URLs that tenants and their users gave. */
export interface GuardedPoster {
  /** The answer, whatever its status, or what became of the message without one. Redirects are not followed. */
  post(
    url: string,
    message: { headers: Record<string, string>; body: string | Buffer; signal: AbortSignal },
  ): Promise<PostAnswer | { outcome: SendOutcome }>;
  close(): Promise<void>;
}

/**
 * A poster behind the outbound guard, with bounded waits and bounded answers. Nothing waits for a connection: URLs on one
 * host may belong to many, and one that hangs would take them from the others. What callers have in hand bounds them.
 * @param outboundAllow CIDR ranges it may reach although they are not public
 */
export function guardedPoster(outboundAllow: readonly string[]): GuardedPoster {
  const guard = outboundGuard(outboundAllow);
  const agent = guard.agent({ headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs });
  return {
    async post(url, { headers, body, signal }) {
      const refusal = guard.refusalOf(url);
      if (refusal) return { outcome: { kind: "rejected", reason: refusal } };
      if (signal.aborted) return { outcome: { kind: "deferred", reason: "aborted before it was sent" } };
      try {
        const answer = await request(url, {
          dispatcher: agent,
          method: "POST",
          headers: { "user-agent": "Tidings", ...headers },
          body,
          signal,
        });
        return answerOf(answer.statusCode, answer.headers, await firstPart(answer.body));
      } catch (error) {
        return { outcome: outcomeOfError(error, signal) };
      }
    },
    close: () => agent.destroy(),
  };
}

/** The same resource below another base URL, when there is one: a gateway, a fake. */
export function throughApi(apiUrl: string | undefined, url: string): string {
  if (apiUrl === undefined) return url;
  const { pathname, search } = new URL(url);
  return apiUrl.replace(/\/$/, "") + pathname + search;
}

function answerOf(status: number, headers: PostAnswer["headers"], text: string): PostAnswer {
  const words = text.slice(0, maxWords);
  const reason = words ? `${status} ${words}` : String(status);
  return { status, headers, text, reason, retryAfterMs: retryAfterMs(headers["retry-after"]) };
}

/** At most {@link maxAnswerBytes} of a body; what came before it broke off when it does, since the status has decided. */
async function firstPart(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes >= maxAnswerBytes) break;
    }
  } catch (error) {
    chunks.push(Buffer.from(` (broken off: ${(error as Error).message})`));
  }
  return Buffer.concat(chunks).toString("utf8", 0, maxAnswerBytes).trim();
}

function outcomeOfError(error: unknown, signal: AbortSignal): SendOutcome {
  if (error instanceof OutboundRefused) return { kind: "rejected", reason: error.message };
  if (!(error instanceof Error)) throw error;
  const { code } = error as { code?: unknown };
  if (code === undefined && !signal.aborted) throw error; // neither the network's nor undici's: ours
  const ambiguous = !neverArrived(error);
  return { kind: "deferred", reason: error.message || String(code), ...(ambiguous && { ambiguous }) };
}
