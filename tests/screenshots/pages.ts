import type { Page } from "@playwright/test";

/** A page to be pictured. */
export interface PicturedPage {
  name: string;
  path: string;
  isSignedIn: boolean;
}

/** Pages that belong to no tenant. */
export const wholePages: readonly PicturedPage[] = [
  { name: "landing", path: "/", isSignedIn: false },
  { name: "sign-up", path: "/sign-up", isSignedIn: false },
  { name: "sign-in", path: "/sign-in", isSignedIn: false },
  { name: "reset", path: "/reset", isSignedIn: false },
  { name: "new", path: "/new", isSignedIn: true },
  { name: "account", path: "/account", isSignedIn: true },
  { name: "operator", path: "/operator", isSignedIn: true },
  { name: "operator-dead-letters", path: "/operator/dead-letters", isSignedIn: true },
  { name: "operator-tenants", path: "/operator/tenants", isSignedIn: true },
];

const lists = [
  ["overview", ""],
  ["messages", "messages"],
  ["templates", "templates"],
  ["recipients", "recipients"],
  ["suppressions", "suppressions"],
  ["providers", "providers"],
  ["webhooks", "webhooks"],
  ["keys", "keys"],
  ["usage", "usage"],
  ["billing", "billing"],
  ["settings", "settings"],
  ["team", "settings/team"],
  ["security", "settings/security"],
  ["limits", "settings/limits"],
  ["retention", "settings/retention"],
  ["categories", "settings/categories"],
  ["audit", "settings/audit"],
] as const;

/** Things that are opened from a list, by the list's path; narrowed down to those with something to tell. */
const things = [
  ["messages", "?status=PARTIAL,FAILED,SENT"],
  ["templates", "?channel=email"],
  ["recipients", ""],
  ["providers", ""],
  ["webhooks", ""],
] as const;

/** A tenant's pages, with one thing of each kind. */
export async function tenantPages(page: Page, slug: string): Promise<PicturedPage[]> {
  const pages: PicturedPage[] = lists.map(([name, path]) => ({ name, path: `/${slug}/${path}`, isSignedIn: true }));
  for (const [list, narrowed] of things) {
    await page.goto(`/${slug}/${list}${narrowed}`);
    const link = page.locator(`main a[href^="/${slug}/${list}/"]:not([href*="export"]):not([href*="import"])`).first();
    const path = await link.getAttribute("href", { timeout: 10_000 }).catch(() => null);
    if (path) pages.push({ name: `${list.slice(0, -1)}-detail`, path, isSignedIn: true });
  }
  return pages;
}

/** Those that stand in the repository. */
export const chosen: ReadonlySet<string> = new Set([
  "landing-light-1440.png",
  "overview-light-1440.png",
  "overview-dark-1440.png",
  "messages-light-1440.png",
  "messages-dark-390.png",
  "message-detail-light-1440.png",
  "template-detail-light-1440.png",
  "providers-light-1440.png",
  "webhook-detail-dark-1440.png",
  "usage-light-1440.png",
  "operator-light-1440.png",
  "team-light-390.png",
]);
