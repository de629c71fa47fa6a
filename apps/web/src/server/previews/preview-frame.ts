import { createHmac } from "node:crypto";
import type { House } from "../house";

/** An email is stored only for the moment between its rendering and the frame's asking for it. */
const keptSeconds = 60;
/** Of each person: more than an editor shows at once. Each can be megabytes, in the Redis that the queues share. */
const keptPerUser = 5;
const tokenPattern = /^[\w-]{43}$/;

export type PreviewFrameDeps = Pick<House, "redis" | "namespace" | "sessionSecret">;
export type ColorScheme = "light" | "dark";

/** Stores a frame, puts it first among its person's, and deletes those that are too many: all at once or not at all. */
const storeScript = `
  redis.call("SET", KEYS[1], ARGV[1], "EX", ARGV[2])
  redis.call("LREM", KEYS[2], 0, KEYS[1])
  redis.call("LPUSH", KEYS[2], KEYS[1])
  for _, old in ipairs(redis.call("LRANGE", KEYS[2], ARGV[3], -1)) do redis.call("DEL", old) end
  redis.call("LTRIM", KEYS[2], 0, ARGV[3] - 1)
  redis.call("EXPIRE", KEYS[2], ARGV[2])`;

/**
 * Keeps the HTML of a rendered email for the frame that shows it to the person who had it rendered: their newest five.
 * @returns the address of the frame; the same for the same email, so that a frame reloads only when it must
 */
export async function storePreviewFrame(
  { redis, namespace, sessionSecret }: PreviewFrameDeps,
  userId: string,
  html: string,
): Promise<string> {
  const token = createHmac("sha256", sessionSecret).update(`preview\n${userId}\n${html}`).digest("base64url");
  const newest = keyOf(namespace, userId);
  await redis.eval(storeScript, 2, `${newest}:${token}`, newest, html, keptSeconds, keptPerUser);
  return `/api/preview/${token}`;
}

/** The HTML behind a token; null when there is none of this person's, or none any more. */
export async function readPreviewFrame(
  { redis, namespace }: PreviewFrameDeps,
  userId: string,
  token: string,
): Promise<string | null> {
  return tokenPattern.test(token) ? await redis.get(`${keyOf(namespace, userId)}:${token}`) : null;
}

/** Begins all keys of a person: the tag keeps them on one node of a Redis Cluster. */
const keyOf = (namespace: string, userId: string) => `{${namespace}:preview:${userId}}`;

/**
 * The HTML of an email that shows itself as in a mail client of the given colours, whatever the reader's own are: its
 * queries for `prefers-color-scheme` are decided.
 */
export function inColorScheme(html: string, scheme: ColorScheme): string {
  return html.replace(/\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/gi, (_, asked: string) =>
    asked.toLowerCase() === scheme ? "(min-width: 0px)" : "(max-width: -1px)",
  );
}

/**
 * Answers with the HTML of an email, which is a stranger's: in a sandbox, without scripts, forms, plugins or an origin, and
 * in frames of the console only. Its pictures are loaded, as mail clients do.
 */
export function previewFrameResponse(html: string | null): Response {
  return new Response(
    html ?? "<!doctype html><title>Gone</title><p>This preview is gone. Change something to see it anew.",
    {
      status: html === null ? 404 : 200,
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy":
          "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
        "Cache-Control": "no-store",
      },
    },
  );
}
