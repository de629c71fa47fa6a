import { isUnavailable } from "@tidings/core/postgres-errors";
import { Refusal } from "@tidings/shared/refusals";

/**
 * The refusal an error stands for: itself, what the body parser found, or an outage.
 * Anything else is a bug and becomes `internal_error`, which says nothing of the inside.
 */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const { type, limit, status } = (error ?? {}) as { type?: unknown; limit?: unknown; status?: unknown };
  if (type === "entity.too.large") {
    return new Refusal("body_too_large", `The body is larger than ${limit} bytes.`, { cause: error });
  }
  if (type === "encoding.unsupported" || type === "charset.unsupported") {
    return new Refusal("unsupported_media_type", "Send the body as JSON in UTF-8.", { cause: error });
  }
  if (error instanceof URIError) {
    return new Refusal("route_not_found", "The path is not well formed.", { cause: error });
  }
  // What else the body parser has against a body: it ended too early, or is not compressed as its header says.
  if (status === 400) {
    return new Refusal("malformed_json", `The body could not be read: ${(error as Error).message}.`, { cause: error });
  }
  if (isUnavailable(error)) {
    const options = { retryAfterSeconds: 2, cause: error };
    return new Refusal("unavailable", "The database is not available at the moment.", options);
  }
  return new Refusal("internal_error", "Something went wrong on our side. The request id helps us to find out what.", {
    cause: error,
  });
}
