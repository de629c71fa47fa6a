/** What may stand in a caller's own request id. */
export const saneRequestId = /^[\w.:/+=@-]{1,128}$/;

/** Longest Idempotency-Key, in characters. */
export const maxIdempotencyKeyLength = 255;
