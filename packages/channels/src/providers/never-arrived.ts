/** Failures before a connection stood. */
const neverConnected = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Whether nothing can have arrived when a request failed like this. */
export function neverArrived(error: unknown): boolean {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return name === "OutboundRefused" || neverConnected.has(String(code)) || String(code).startsWith("ERR_TLS");
}
