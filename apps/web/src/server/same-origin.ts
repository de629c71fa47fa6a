import { env } from "../env";

/**
 * Whether a request was made by a page of another site. Browsers say so themselves (`Sec-Fetch-Site`); those that do not
 * name the origin. What no browser sent carries no cookies of anybody either.
 */
export function isForeign(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site) return site !== "same-origin" && site !== "none";
  const origin = request.headers.get("origin");
  return origin !== null && origin !== new URL(env().CONSOLE_URL).origin;
}
