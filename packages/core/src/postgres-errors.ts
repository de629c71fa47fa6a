/** SQLSTATE of a failed statement: of the error itself or of what caused it; null when it isn't Postgres that spoke. */
function sqlState(error: unknown): string | null {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth += 1) {
    const { code, meta } = current as { code?: unknown; meta?: { code?: unknown; driverAdapterError?: unknown } };
    const adapter = (meta?.driverAdapterError as { cause?: { originalCode?: unknown } } | undefined)?.cause
      ?.originalCode;
    for (const candidate of [adapter, meta?.code, code]) {
      if (typeof candidate === "string" && /^[0-9A-Z]{5}$/.test(candidate) && !/^P\d{4}$/.test(candidate))
        return candidate;
    }
  }
  return null;
}

/** Whether a statement failed because of a value in it (class 22) or a constraint it broke (class 23). */
export function isDataError(error: unknown): boolean {
  const state = sqlState(error);
  return state?.startsWith("22") === true || state?.startsWith("23") === true;
}

/**
 * Whether a statement failed for a reason that passes: Postgres could not be reached, is starting or stopping, has no
 * connection left, or broke up a deadlock.
 * Such a statement did nothing, or its outcome is unknown to us; either way nobody was told it succeeded.
 */
export function isUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  if (state)
    return (
      state.startsWith("40") ||
      state.startsWith("08") ||
      state.startsWith("57P") ||
      state.startsWith("53") ||
      state === "57014"
    );
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth += 1) {
    const { code } = current as { code?: unknown };
    if (typeof code === "string" && unreachable.has(code)) return true;
    if (
      /connection terminated|closed the connection|not queryable|connection.*timeout|timeout exceeded when trying to connect|ECONNREFUSED|ECONNRESET|Can't reach database/i.test(
        current.message,
      )
    )
      return true;
  }
  return false;
}

/** Node's and Prisma's codes for a server that is away: https://www.prisma.io/docs/orm/reference/error-reference */
const unreachable = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "P1001",
  "P1002",
  "P1008",
  "P1011",
  "P1017",
  "P2024",
  "P2028",
]);
