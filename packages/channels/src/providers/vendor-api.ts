import { type Dispatcher, type FormData, request } from "undici";
import { settingsGuard } from "../outbound-guard";
import type { AccountCheck, SendOutcome } from "../provider";
import type { ProviderContext } from "../provider-context";
import { retryAfterMs } from "../retry-after";
import { neverArrived } from "./never-arrived";

/** What came of one call of a vendor's HTTP API. */
export type VendorReply =
  | {
      status: number;
      /** As JSON; undefined when it is none. */
      body: unknown;
      retryAfterMs: number | undefined;
    }
  | {
      reason: string;
      /** The request left and nothing certain came back: the vendor may have acted on it. */
      ambiguous: boolean;
    };

export interface VendorCall {
  method: "GET" | "POST";
  /** Begins with a slash. */
  path: string;
  headers: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, instead of JSON. */
  body?: string | FormData;
  signal: AbortSignal;
}

/** A vendor's HTTP API, for vendors whose own client can neither be aborted nor reach another base URL. */
export interface VendorApi {
  /** One request, no retries, no redirects. Never throws for what the network or the vendor does. */
  call(call: VendorCall): Promise<VendorReply>;
  close(): Promise<void>;
}

/** How a vendor's refusal is to be understood, where its HTTP status does not say. */
export interface VendorRefusal {
  /** The vendor's words. */
  words: string;
  /** Not this message's fault: another attempt may succeed. */
  passing?: boolean;
  /** The address takes no messages. */
  addressDead?: boolean;
}

const connections = 64;
/** Longest wait for an answer's head, and then between two pieces of its body, in milliseconds. */
const answerTimeoutMs = 30_000;
/** Most of an answer that is read, in bytes: several times what these APIs answer, to 500 messages at once too. */
export const maxAnswerBytes = 524_288;

/** @param baseUrl of the API, behind the outbound guard since tenants may write it */
export function vendorApi(baseUrl: string, context: ProviderContext): VendorApi {
  const guard = settingsGuard(context);
  const dispatcher = guard.agent({ connections, headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs });
  const base = baseUrl.replace(/\/+$/, "");
  return {
    async call({ method, path, headers, json, body, signal }) {
      if (signal.aborted) return { reason: reasonOf(signal.reason), ambiguous: false };
      try {
        const answer = await request(base + path, {
          dispatcher,
          method,
          headers: {
            accept: "application/json",
            ...headers,
            ...(json !== undefined && { "content-type": "application/json" }),
          },
          body: json === undefined ? (body ?? null) : JSON.stringify(json),
          signal,
        });
        return {
          status: answer.statusCode,
          body: await jsonBody(answer.body),
          retryAfterMs: retryAfterMs(answer.headers["retry-after"]),
        };
      } catch (error) {
        return { reason: reasonOf(error), ambiguous: !neverArrived(error) };
      }
    },
    close: () => dispatcher.destroy(),
  };
}

/** The outcome of a send that was not answered with a message's id. 401, 402 and 403 mean the account, not the message. */
export function failureOf(reply: VendorReply, read: (body: unknown) => VendorRefusal): SendOutcome {
  if (!("status" in reply)) {
    return { kind: "deferred", reason: reply.reason, ...(reply.ambiguous && { ambiguous: true }) };
  }
  const { status } = reply;
  if (status < 300) return { kind: "deferred", reason: `${status} without a message's id`, ambiguous: true };
  const { words, passing = false, addressDead = false } = read(reply.body);
  const reason = [status, words].filter((part) => part !== "").join(" ");
  if (passing || status >= 500 || [401, 402, 403, 408, 429].includes(status)) {
    return {
      kind: "deferred",
      reason,
      ...(reply.retryAfterMs !== undefined && { retryAfterMs: reply.retryAfterMs }),
      ...(status === 504 && { ambiguous: true }),
    };
  }
  return { kind: "rejected", reason, ...(addressDead && { addressDead }) };
}

/** Asks once, and takes any success for a good account. */
export async function checkAccount(
  api: VendorApi,
  call: Omit<VendorCall, "method">,
  read: (body: unknown) => VendorRefusal,
): Promise<AccountCheck> {
  const reply = await api.call({ ...call, method: "GET" });
  await api.close();
  return checkOf(reply, read);
}

/** What a reply to a call that sends nothing says of the account. */
export function checkOf(reply: VendorReply, read: (body: unknown) => VendorRefusal): AccountCheck {
  if (!("status" in reply)) return { kind: "unreachable", reason: reply.reason };
  if (reply.status < 300) return { kind: "good" };
  const { words, passing = false } = read(reply.body);
  const isRefusal = reply.status < 500 && reply.status !== 408 && reply.status !== 429 && !passing;
  const reason = [reply.status, words].filter((part) => part !== "").join(" ");
  return { kind: isRefusal ? "refused" : "unreachable", reason };
}

/** What an error says, or an abort's reason. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return `aborted: ${String(error)}`;
  return error.message || String((error as { code?: unknown }).code ?? error.name);
}

async function jsonBody(body: Dispatcher.ResponseData["body"]): Promise<unknown> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes > maxAnswerBytes) return undefined;
    }
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return undefined; // broken off or no JSON: the status has decided, and a success without its id is ambiguous
  }
}
