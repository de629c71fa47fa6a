/** `system` follows the reader's device. */
export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** The cookie the server sets `data-theme` of `<html>` by; absent for `system`. */
export const themeCookie = "theme";

const yearS = 31_536_000;

/** Shows the page in a theme from now on, and keeps that in the cookie. */
export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is only there over HTTPS
  document.cookie = `${themeCookie}=${theme}; path=/; max-age=${theme === "system" ? 0 : yearS}; samesite=lax`;
}

/** What a cookie's value means; anything unknown is `system`. */
export function themeOf(cookie: string | undefined): Theme {
  return cookie === "light" || cookie === "dark" ? cookie : "system";
}
