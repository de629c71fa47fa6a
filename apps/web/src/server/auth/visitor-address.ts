import { peerAddress } from "./peer-address";

/** Where the visitor's address stands once it is known which proxies to believe; never taken from outside. */
export const addressHeader = "x-tidings-visitor";

/**
 * The address of whose request is in hand, as Express has it with a number for `trust proxy`: from the socket's other end
 * backwards through `X-Forwarded-For`, past as many proxies as are trusted. What stands before that anybody can have made up.
 * @returns null when the process does not remember peers
 */
export function visitorAddress(headers: Headers, trustedProxies: number): string | null {
  const peer = peerAddress();
  if (peer === null) return null;
  const forwarded = (headers.get("x-forwarded-for") ?? "").split(",").map((entry) => entry.trim());
  const hops = [peer, ...forwarded.filter(Boolean).reverse()];
  const address = hops[Math.min(trustedProxies, hops.length - 1)] as string;
  return address.replace(/^::ffff:/, ""); // IPv4 through a socket of both kinds
}
