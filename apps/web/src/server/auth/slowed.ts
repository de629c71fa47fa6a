/** How long too many wrong passwords or codes slow somebody down, in seconds. */
export const slowedSeconds = 15 * 60;

/** `12 minutes` or `40 seconds`: rounded up, so that who has waited so long need not wait again. */
export function waitWords(seconds: number): string {
  const [count, unit] =
    seconds > 60 ? [Math.ceil(seconds / 60), "minute"] : [Math.max(1, Math.ceil(seconds)), "second"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/**
 * An answer of better-auth. One that slows somebody down says for how long, in its words and as `Retry-After`: its limit of
 * requests has that in a header of its own, and its lock after wrong codes nowhere.
 */
export async function withWait(answer: Response): Promise<Response> {
  if (answer.status !== 429 || answer.headers.has("retry-after")) return answer;
  const told = answer.headers.get("x-retry-after");
  const wait = told === null ? `up to ${waitWords(slowedSeconds)}` : waitWords(Number(told));
  const body: object | null = await answer.json().catch(() => null); // its code is kept, if it has one
  const headers = { "retry-after": told ?? String(slowedSeconds) };
  return Response.json({ ...body, message: `Too many tries. Wait ${wait}, then try again.` }, { status: 429, headers });
}
