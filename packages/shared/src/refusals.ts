/**
 * Every reason a request can be refused for: its stable code, HTTP status and title.
 * Codes are part of the public API: they are added, never renamed.
 */
export const refusals = {
  malformed_json: { status: 400, title: "The body is not valid JSON" },
  invalid_query: { status: 400, title: "A query parameter is not valid" },
  invalid_header: { status: 400, title: "A header is not valid" },
  invalid_cursor: { status: 400, title: "The cursor is not one this list gave" },
  key_missing: { status: 401, title: "No API key was given" },
  key_malformed: { status: 401, title: "The API key is not well formed" },
  key_unknown: { status: 401, title: "The API key is not known" },
  key_revoked: { status: 401, title: "The API key has been revoked" },
  key_expired: { status: 401, title: "The API key has expired" },
  scope_missing: { status: 403, title: "The API key lacks the scope for this" },
  wrong_mode: { status: 403, title: "The API key's mode does not allow this" },
  route_not_found: { status: 404, title: "There is no such route" },
  not_found: { status: 404, title: "There is no such thing here" },
  method_not_allowed: { status: 405, title: "The route does not take this method" },
  conflict: { status: 409, title: "The thing is not in a state that allows this" },
  already_exists: { status: 409, title: "A thing with this name exists already" },
  idempotency_in_progress: { status: 409, title: "The first request with this Idempotency-Key is still running" },
  body_too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "The body is not application/json" },
  invalid_body: { status: 422, title: "The body is not valid" },
  template_not_found: { status: 422, title: "The template does not exist" },
  template_not_published: { status: 422, title: "The template has no published version" },
  template_invalid: { status: 422, title: "The template is not valid" },
  missing_variable: { status: 422, title: "The data lacks something the template needs" },
  recipient_not_found: { status: 422, title: "The recipient does not exist" },
  no_address: { status: 422, title: "The recipient has no address for the channel" },
  send_at_out_of_range: { status: 422, title: "sendAt is in the past or too far ahead" },
  idempotency_mismatch: { status: 422, title: "The Idempotency-Key was used with another body" },
  rate_limited: { status: 429, title: "Too many requests" },
  overloaded: { status: 503, title: "The service is at its limit" },
  unavailable: { status: 503, title: "A part the service needs is not available" },
  internal_error: { status: 500, title: "Something went wrong on our side" },
} as const satisfies Record<string, { status: number; title: string }>;
export type RefusalCode = keyof typeof refusals;

/** One thing wrong with a request: a JSON pointer (RFC 6901) into the body, and a sentence. */
export interface Fault {
  pointer: string;
  message: string;
}

/** An expected "no". Transports map its code to an answer; anything else that is thrown is a bug. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly faults: readonly Fault[];
  /** Seconds after which trying again makes sense, for codes 429 and 503. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: RefusalCode,
    message: string,
    options: ErrorOptions & { faults?: readonly Fault[]; retryAfterSeconds?: number } = {},
  ) {
    super(message, options);
    this.faults = options.faults ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
