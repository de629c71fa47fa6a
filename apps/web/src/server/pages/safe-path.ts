/** A path of this site to go on to; anything else that was asked for leads to `/start`. Keeps links from leading elsewhere. */
export function safePath(wanted: string | string[] | null | undefined): string {
  if (typeof wanted !== "string" || !/^\/(?![/\\])/.test(wanted)) return "/start";
  const base = "http://console.invalid";
  const url = URL.canParse(wanted, base) ? new URL(wanted, base) : null;
  if (url?.origin !== base || url.pathname.startsWith("//")) return "/start"; // "/.//host" is resolved to "//host"
  return url.pathname + url.search + url.hash;
}
