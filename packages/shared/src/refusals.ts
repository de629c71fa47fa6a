/**
 * Every reason a request can be refused for: its stable code, HTTP status, title, and what
 * the caller can do about it (`code` in back quotes).
 * Codes are part of the public API: they are added, never renamed.
 */
export const refusals = {
  malformed_json: {
    status: 400,
    title: "The body is not valid JSON",
    remedy:
      "Send one JSON value in UTF-8, not empty and nested at most 32 levels deep. `detail` says where reading it stopped.",
  },
  malformed_csv: {
    status: 400,
    title: "The body is not a list in CSV",
    remedy:
      "Send CSV in UTF-8 whose first line names the columns. `detail` names the line that can't be read; lines before it may have been imported, and sending them again is harmless.",
  },
  invalid_query: {
    status: 400,
    title: "A query parameter is not valid",
    remedy: "Mend the parameters that `errors` points to; a parameter the route does not know is refused too.",
  },
  invalid_header: {
    status: 400,
    title: "A header is not valid",
    remedy: "Mend the header that `detail` names.",
  },
  invalid_cursor: {
    status: 400,
    title: "The cursor is not one this list gave",
    remedy:
      "Send `nextCursor` of the page before exactly as it came, to the list that gave it. To begin again, leave `cursor` out.",
  },
  receipt_unreadable: {
    status: 400,
    title: "The receipt is not what the provider documents",
    remedy: "Check that the provider sends this account's receipts, in the form that `detail` asks for.",
  },
  event_forged: {
    status: 400,
    title: "The event's signature does not hold",
    remedy:
      "Compare `STRIPE_WEBHOOK_SECRET` with the secret of this endpoint in Stripe's dashboard. An event that is sent again later than five minutes is signed anew.",
  },
  key_missing: {
    status: 401,
    title: "No API key was given",
    remedy: "Send the key as `x-api-key: <key>` or `Authorization: Bearer <key>`.",
  },
  key_malformed: {
    status: 401,
    title: "The API key is not well formed",
    remedy:
      "Copy the whole key, from `tdg_` to its last character: its checksum does not match, so part of it is missing or mistyped.",
  },
  key_unknown: {
    status: 401,
    title: "The API key is not known",
    remedy: "Use a key of this installation. Its text is shown only once; when it is lost, make a new one.",
  },
  key_revoked: {
    status: 401,
    title: "The API key has been revoked",
    remedy: "Use another key: a revoked one never works again.",
  },
  key_expired: {
    status: 401,
    title: "The API key has expired",
    remedy: "Make a new key: an expired one never works again.",
  },
  receipt_forged: {
    status: 401,
    title: "The receipt's signature does not hold",
    remedy:
      "Compare the account's signing secret with the provider's, and the URL the provider calls with the account's `receiptUrl`, to the letter. `detail` says what is wrong.",
  },
  scope_missing: {
    status: 403,
    title: "The API key lacks the scope for this",
    remedy: "Use a key with the scope that `detail` names.",
  },
  wrong_mode: {
    status: 403,
    title: "The API key's mode does not allow this",
    remedy: "Use a key of the other mode: `tdg_live_…` or `tdg_test_…`.",
  },
  route_not_found: {
    status: 404,
    title: "There is no such route",
    remedy: "Compare method and path with the reference.",
  },
  not_found: {
    status: 404,
    title: "There is no such thing here",
    remedy: "Check the id, and that the key belongs to the tenant and the mode the thing was made in.",
  },
  method_not_allowed: {
    status: 405,
    title: "The route does not take this method",
    remedy: "Use one of the methods in the `Allow` header.",
  },
  body_too_slow: {
    status: 408,
    title: "The body came too slowly",
    remedy:
      "Send it again by a faster connection, or less of it: its bytes may be waited for 25 seconds in all. A file was not stored; lines of a list may have been imported, and sending them again is harmless.",
  },
  conflict: {
    status: 409,
    title: "The thing is not in a state that allows this",
    remedy: "Read the thing again: its state, named in `detail`, does not allow this any more.",
  },
  already_exists: {
    status: 409,
    title: "A thing with this name exists already",
    remedy: "Choose another name, or change the thing there is.",
  },
  idempotency_in_progress: {
    status: 409,
    title: "The first request with this Idempotency-Key is still running",
    remedy: "Wait for `Retry-After` and send the same request again: it is answered with what the first one did.",
  },
  body_too_large: {
    status: 413,
    title: "The body is too large",
    remedy:
      "Send less at once: split a batch, and upload files with `POST /v1/attachments` instead of sending them in the request; those have at most 10 MB.",
  },
  unsupported_media_type: {
    status: 415,
    title: "The body is not of the media type the route takes",
    remedy: "Send JSON in UTF-8 with `Content-Type: application/json`, unless the reference names another type.",
  },
  invalid_body: {
    status: 422,
    title: "The body is not valid",
    remedy: "Mend what `errors` lists: each entry has a JSON pointer into the body and a sentence.",
  },
  template_not_found: {
    status: 422,
    title: "The template does not exist",
    remedy: "Check the key of the template, and that it belongs to the tenant of the API key.",
  },
  template_not_published: {
    status: 422,
    title: "The template has no published version",
    remedy: "Publish the template; drafts are never sent.",
  },
  template_invalid: {
    status: 422,
    title: "The template is not valid",
    remedy: "Mend the content that `errors` points to.",
  },
  missing_variable: {
    status: 422,
    title: "The data lacks something the template needs",
    remedy: "Give the template what `errors` points to, in `data`.",
  },
  no_address: {
    status: 422,
    title: "The recipient has no address for the channel",
    remedy: "Give an address of one of the fields that `errors` names, or another channel.",
  },
  send_at_out_of_range: {
    status: 422,
    title: "sendAt is in the past or too far ahead",
    remedy: "Choose a time from now up to a year ahead, or leave `sendAt` out to send at once.",
  },
  credentials_refused: {
    status: 422,
    title: "The provider refused the credentials",
    remedy: "Compare them with what the provider shows: `detail` has its words. Nothing was saved.",
  },
  idempotency_mismatch: {
    status: 422,
    title: "The Idempotency-Key was used with another body",
    remedy: "Use a new Idempotency-Key for every new request, and the same one only to repeat a request unchanged.",
  },
  rate_limited: {
    status: 429,
    title: "Too many requests",
    remedy:
      "Wait for `Retry-After` seconds and send the request again. `RateLimit` on every answer says how much is left.",
  },
  quota_exceeded: {
    status: 429,
    title: "The month's quota is used up",
    remedy:
      "Do not repeat the request before `Retry-After`: the quota is new with the next month (UTC). `GET /v1/limits` tells what is used; a larger plan lifts it at once. Critical notifications have a small grace.",
  },
  overloaded: {
    status: 503,
    title: "The service is at its limit",
    remedy:
      "Nothing was done. Wait for `Retry-After` seconds and send the request again, with the same Idempotency-Key if it has one.",
  },
  unavailable: {
    status: 503,
    title: "A part the service needs is not available",
    remedy:
      "Wait for `Retry-After` seconds and send the request again, with the same Idempotency-Key: then nothing is sent twice.",
  },
  internal_error: {
    status: 500,
    title: "Something went wrong on our side",
    remedy:
      "Send the request again, with the same Idempotency-Key. If it fails again, tell the operator the `requestId`.",
  },
} as const satisfies Record<string, { status: number; title: string; remedy: string }>;
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

  /** A bundler may load this module several times over, and a refusal of one copy is a refusal for all. */
  static override [Symbol.hasInstance](thrown: unknown): thrown is Refusal {
    return thrown instanceof Error && thrown.name === "Refusal" && "faults" in thrown;
  }
}
