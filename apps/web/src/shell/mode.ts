import type { Mode } from "@tidings/shared/modes";

/** The cookie that remembers which of a tenant's two worlds one looks at. */
export const modeCookie = "tidings-mode";

/** What the cookie says; newcomers begin in test mode, where nothing reaches anybody. */
export function modeOf(cookie: string | undefined): Mode {
  return cookie === "live" ? "live" : "test";
}
