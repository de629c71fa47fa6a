import { Refusal } from "@tidings/shared/refusals";
import { pointerOfUnstorableText } from "@tidings/shared/text";
import express, { type Request } from "express";

/** Largest body. A batch of 1,000 small notifications fits. */
const maxBodyBytes = 262_144;
/** Deepest nesting: more than any content needs, far less than what overflows a stack. */
const maxDepth = 32;
/** How long all of an upload may be waited for, in milliseconds: shorter than the server's own timeout, which says nothing. */
const maxUploadWaitMs = 25_000;

/** Reads a JSON body as text, so that it can be hashed as it was sent. Express' own parser: size, charset and encoding are its. */
export const readBodyText = express.text({ type: ["application/json", "application/*+json"], limit: maxBodyBytes });

/**
 * The JSON value of a request's body.
 * @param mayBeAbsent reads no body at all as `{}`
 * @throws {Refusal} when there is none, it is not JSON, too deep, or holds text that can't be stored
 */
export function parseBody(request: Request, mayBeAbsent = false): unknown {
  const text: unknown = request.body;
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  const isAbsent = encoding === undefined && Number(length ?? 0) === 0;
  if (isAbsent && mayBeAbsent) return {};
  if (typeof text !== "string") {
    if (!isAbsent) {
      throw new Refusal("unsupported_media_type", "Send the body with content-type application/json.");
    }
    throw new Refusal("malformed_json", "The body is empty.");
  }
  if (depthOf(text) > maxDepth)
    throw new Refusal("malformed_json", `The body is nested deeper than ${maxDepth} levels.`);
  const value = parse(text);
  // What Postgres can't store comes as an escape, or as half a surrogate pair in UTF-16; JSON forbids a bare NUL.
  if (text.includes("\\u") || !text.isWellFormed()) refuseUnstorable(value);
  return value;
}

/**
 * The bytes of a body as they come, for a handler that reads them itself.
 * @throws {Refusal} `unsupported_media_type`; `body_too_large`, at once or while it is read; `body_too_slow`
 */
export function openUpload(
  request: Request,
  { type, maxBytes }: { type: string; maxBytes: number },
): AsyncIterable<Uint8Array> {
  const { "content-encoding": encoding = "identity", "content-length": length } = request.headers;
  if (!request.is(type) || encoding !== "identity") {
    const which = type === "*/*" ? "its own content-type" : `content-type ${type}`;
    throw new Refusal("unsupported_media_type", `Send the body with ${which}, not compressed.`);
  }
  if (Number(length ?? 0) > maxBytes) throw tooLarge(maxBytes);
  return atMost(maxBytes, request);
}

async function* atMost(maxBytes: number, request: Request): AsyncGenerator<Uint8Array> {
  // A reader that stops early must not take down the connection: the refusal is still to be answered on it.
  const chunks = request.iterator({ destroyOnReturn: false });
  let bytes = 0;
  let waitMs = maxUploadWaitMs;
  let isLate = false;
  try {
    for (;;) {
      // Only the sender's time counts, never that of whoever reads.
      const askedAt = performance.now();
      const { done, value } = await within(waitMs, chunks.next());
      if (done) return;
      waitMs -= performance.now() - askedAt;
      bytes += (value as Uint8Array).length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      yield value as Uint8Array;
    }
  } catch (error) {
    isLate = error instanceof Refusal && error.code === "body_too_slow";
    if (error instanceof Refusal || request.complete) throw error;
    throw new Refusal("invalid_body", "The body broke off.", { cause: error });
  } finally {
    if (isLate && request.res) {
      request.res.shouldKeepAlive = false; // what is still to come must not hold the connection
    } else {
      await chunks.return?.();
      // Node drops by itself only what was never begun: what is left would stand before the connection's next request.
      request.resume();
    }
  }
}

/** @throws {Refusal} `body_too_slow` when a chunk has not come in time */
async function within<Chunk>(waitMs: number, chunk: Promise<Chunk>): Promise<Chunk> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `The body had not come within ${maxUploadWaitMs / 1_000} seconds.`;
    timer = setTimeout(() => reject(new Refusal("body_too_slow", message)), waitMs);
  });
  try {
    return await Promise.race([chunk, late]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLarge(maxBytes: number): Refusal {
  return new Refusal("body_too_large", `The body is larger than ${maxBytes} bytes.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = text === "" ? "The body is empty." : `The body is not valid JSON: ${(error as Error).message}.`;
    throw new Refusal("malformed_json", message, { cause: error });
  }
}

function refuseUnstorable(value: unknown): void {
  const pointer = pointerOfUnstorableText(value);
  if (pointer === null) return;
  const faults = [{ pointer, message: "must not hold U+0000 or half of a surrogate pair" }];
  throw new Refusal("invalid_body", "The body holds a character that cannot be stored.", { faults });
}

/** Deepest nesting of brackets outside of strings. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === backslash) index += 1;
      else if (code === quote) inString = false;
    } else if (code === quote) inString = true;
    else if (code === openBrace || code === openBracket) deepest = Math.max(deepest, ++depth);
    else if (code === closeBrace || code === closeBracket) depth -= 1;
  }
  return deepest;
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [34, 92, 123, 125, 91, 93] as const;
