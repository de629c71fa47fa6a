import type { VendorAnswer } from "./vendor-agent";
import type { VendorApi, VendorReply } from "./vendor-api";
import { reasonOf } from "./vendor-api";

/** The part of `fetch` that SDKs use. */
export type SdkFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * One call of an SDK that sends by a `fetch` given to it, as a reply of the vendor's API: an SDK's own error tells
 * neither Retry-After nor whether the request left.
 * @throws what the SDK throws before it sends anything
 */
export async function replyThrough(
  api: VendorApi,
  signal: AbortSignal,
  call: (fetch: SdkFetch) => Promise<unknown>,
): Promise<VendorReply> {
  let reply: VendorReply | undefined;
  const fetch: SdkFetch = async (input, init = {}) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input);
    reply = await api.call({
      method: init.method === "GET" ? "GET" : "POST",
      path: pathname + search,
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(typeof init.body === "string" && { body: init.body }),
      signal,
    });
    if (!("status" in reply)) throw new Error(reply.reason);
    return Response.json(reply.body ?? null, { status: reply.status });
  };
  try {
    await call(fetch);
  } catch (error) {
    if (!reply) throw error;
  }
  return reply ?? { reason: "the SDK sent nothing", ambiguous: false };
}

/** A call that failed under a vendor's agent, as a reply of the vendor's API. `body` is what the SDK's error kept of it. */
export function replyOf(
  { error, status, retryAfterMs, ambiguous }: Exclude<VendorAnswer<unknown>, { answer: unknown }>,
  body: unknown,
): VendorReply {
  return status === undefined ? { reason: reasonOf(error), ambiguous } : { status, body, retryAfterMs };
}
