/** `system` follows the reader's device. */
export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** The cookie the server sets `data-theme` of `<html>` by; absent for `system`. */
export const themeCookie = "theme";

/** What a cookie's value means; anything unknown is `system`. */
export function themeOf(cookie: string | undefined): Theme {
  return cookie === "light" || cookie === "dark" ? cookie : "system";
}
