/** Where the visitor's address stands once it is known which proxies to believe; never taken from outside. */
export const addressHeader = "x-tidings-visitor";

/**
 * The visitor's address: of `X-Forwarded-For`, the entry that the outermost trusted proxy added. Without a proxy it is the
 * last entry, which Next.js itself sets where the visitor did not.
 */
export function visitorAddress(headers: Headers, trustedProxies: number): string | null {
  const entries = (headers.get("x-forwarded-for") ?? "").split(",").map((entry) => entry.trim());
  const address = entries.at(-Math.max(trustedProxies, 1));
  return address?.replace(/^::ffff:/, "") || null; // IPv4 through a socket of both kinds
}
