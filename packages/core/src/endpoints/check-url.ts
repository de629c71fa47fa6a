import dns from "node:dns";
import type { LookupFunction } from "node:net";
import { type OutboundGuard, OutboundRefused, outboundGuard } from "@tidings/channels/outbound-guard";
import type { Mode } from "@tidings/shared/modes";
import { Refusal } from "@tidings/shared/refusals";

/** Refuses a URL that reports must not be posted to. @throws {Refusal} `invalid_body`, pointing to `/url` */
export type CheckUrl = (url: string, mode: Mode) => Promise<void>;

/** Longest wait for DNS, in milliseconds. */
const lookupTimeoutMs = 5_000;

/**
 * Checks where a URL leads when it is saved, by the guard that checks it again at every connection. Live reports carry
 * what people were sent, so they travel encrypted, except into ranges that the operator allowed.
 * @param allow CIDR ranges permitted although they are not public
 */
export function createCheckUrl(allow: readonly string[], lookup: LookupFunction = dns.lookup): CheckUrl {
  const permitted = outboundGuard(allow, lookup);
  const publicOnly = outboundGuard([], lookup);
  return async (url, mode) => {
    const reason = await refusalOf(permitted, url);
    if (reason !== null) throw refusal(reason);
    if (mode === "test" || new URL(url).protocol === "https:") return;
    if ((await refusalOf(publicOnly, url)) === null) throw refusal("live reports need an https URL");
  };
}

const refusal = (message: string) =>
  new Refusal("invalid_body", "Reports cannot be posted to this URL.", { faults: [{ pointer: "/url", message }] });

/** Why a URL must not be called, as far as DNS tells by now; null when nothing speaks against it. */
export async function refusalOf(guard: OutboundGuard, url: string): Promise<string | null> {
  const refused = guard.refusalOf(url);
  if (refused !== null) return refused;
  const { hostname } = new URL(url);
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(`${hostname} took too long to resolve`), lookupTimeoutMs);
    guard.lookup(hostname.replace(/^\[|\]$/g, ""), { all: true }, (error) => {
      clearTimeout(timer);
      if (!error) resolve(null);
      else resolve(error instanceof OutboundRefused ? error.message : `${hostname} could not be resolved`);
    });
  });
}
