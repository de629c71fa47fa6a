import type { Page } from "@playwright/test";
import { describe, expect as expectNow, it } from "vitest";
import { expect, useVisits } from "./visitor";

const visits = useVisits();

/** Addresses that everybody may ask for. */
const publicPaths = ["/", "/sign-in", "/sign-up", "/reset", "/verify", "/healthz", "/nowhere/at/all"];
/** Pages of a tenant, of which each shows something that came out of the database. */
const tenantPages = [
  ...["", "/messages", "/templates", "/recipients", "/providers", "/webhooks", "/suppressions", "/keys", "/usage"],
  ...["/billing", "/settings", "/settings/team", "/settings/security", "/settings/audit", "/settings/limits"],
];

describe("what every answer carries", () => {
  it("is a policy that runs no foreign script, and headers that keep the page from being framed or guessed at", async () => {
    const { page, slug } = await visits.signUp();
    for (const path of [...publicPaths, "/account", "/start", "/api/trpc/nothing", `/${slug}`, `/${slug}/keys`]) {
      const headers = (await page.request.get(path, { maxRedirects: 0 })).headers();
      const policy = headers["content-security-policy"] ?? "";
      expectNow(policy, path).toContain("default-src 'none'");
      expectNow(policy, path).toContain("frame-ancestors 'none'");
      expectNow(policy, path).toContain("base-uri 'none'");
      expectNow(policy, path).not.toMatch(/unsafe-(inline|eval|hashes)|https?:|\*/);
      expectNow(headers, path).toMatchObject({
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "strict-origin-when-cross-origin",
        "cross-origin-opener-policy": "same-origin",
      });
      expectNow(headers, path).not.toHaveProperty("x-powered-by");
      expectNow(headers, path).not.toHaveProperty("access-control-allow-origin");
    }
  });

  it("has a nonce that is never used twice", async () => {
    const page = await visits.open();
    const nonceOf = async () =>
      (await page.request.get("/sign-in")).headers()["content-security-policy"]?.match(/'nonce-([^']+)'/)?.[1];
    const [first, second] = [await nonceOf(), await nonceOf()];
    expectNow(first).toMatch(/.{20,}/);
    expectNow(second).not.toBe(first);
  });
});

describe("another site", () => {
  const foreign = [
    ["names its origin", { origin: "https://evil.example" }],
    ["is one by the browser's own word", { "sec-fetch-site": "cross-site" }],
    ["shares the domain", { "sec-fetch-site": "same-site" }],
  ] as const;

  it.each(foreign)("that %s changes nothing for who is signed in", async (_, headers) => {
    const { page, slug, email, password } = await visits.signUp();
    const input = { tenant: slug, mode: "test", name: "Stolen", scopes: ["send"], expiresAt: null };
    const made = await page.request.post("/api/trpc/keys.create", { headers, data: { json: input } });
    expectNow(made.status()).toBe(403);
    const keys = await visits.call<{ data: { name: string }[] }>(page, "keys.list", { tenant: slug, mode: "test" });
    expectNow(keys.data.map(({ name }) => name)).not.toContain("Stolen");

    const wish = { headers, data: { email, password } };
    expectNow((await page.request.post("/api/auth/sign-in/email", wish)).status()).toBe(403);
    expectNow((await page.request.post("/api/auth/sign-out", { headers, data: {} })).status()).toBe(403);
    expectNow((await page.request.get("/account", { maxRedirects: 0 })).status()).toBe(200);
  });

  it("cannot be where signing in leads to", async () => {
    const { email, password } = await visits.signUp();
    const home = new URL(visits.at.consoleUrl).origin;
    for (const next of ["//evil.example", "/\\evil.example"]) {
      const page = await visits.open();
      await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
      await page.getByLabel("Email").fill(email);
      await page.getByLabel("Password").fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(
        page.getByRole("navigation", { name: "Main" }).or(page.getByText("First steps")).first(),
      ).toBeVisible();
      expectNow(new URL(page.url()).origin).toBe(home);
    }
  });

  it("cannot be where signing in leads to by a path, while a page of this one can", async () => {
    const { email, password, slug } = await visits.signUp();
    const page = await visits.open();
    await page.goto(`/${slug}/keys`);
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(`${visits.at.consoleUrl}/${slug}/keys`);
  });
});

describe("the session", () => {
  it("is a cookie that no script reads and no other site sends, and signing in makes another", async () => {
    const { page, context, email, password } = await visits.signUp();
    const sessionOf = async () => (await context.cookies()).find(({ name }) => name.endsWith("tidings.session_token"));
    const first = await sessionOf();
    expectNow(first).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
    expectNow(await page.evaluate("document.cookie")).not.toContain("session");

    // What somebody has planted before is not what one is signed in with after.
    const planted = await visits.open();
    if (first) await planted.context().addCookies([{ ...first, value: "planted.by-somebody" }]);
    await visits.signIn(planted, email, password);
    await expect(planted.getByText("First steps").first()).toBeVisible();
    const [second] = (await planted.context().cookies()).filter(({ name }) => name === first?.name);
    expectNow(second?.value).toMatch(/.{32,}/);
    expectNow([first?.value, "planted.by-somebody"]).not.toContain(second?.value);
  });

  it("is worth nothing once it was ended", async () => {
    const { page, context } = await visits.signUp();
    const cookies = await context.cookies();
    await page.goto("/account");
    await page.getByRole("button", { name: "Sign out", exact: true }).first().click();
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    const thief = await visits.open();
    await thief.context().addCookies(cookies);
    await thief.goto("/account");
    await expect(thief).toHaveURL(/\/sign-in/);
  });
});

describe("secrets", () => {
  it("stand in no page, but for the one time they are shown", async () => {
    const visitor = await visits.signUp();
    const { slug, email } = visitor;
    const page = await visits.open(); // the one they signed up in still shows their first key
    await visits.signIn(page, email, visitor.password);
    await expect(page.getByText("First steps").first()).toBeVisible();
    const key = await visits.keyOf(visitor);
    const place = { tenant: slug, mode: "test" };
    const password = "a-password-of-a-mail-server";
    await visits.call(page, "providers.create", {
      ...{ ...place, provider: "smtp", name: "Mail server", order: 0 },
      config: { host: "127.0.0.1", port: 9, from: "a@example.com", user: "ann", password },
    });
    const endpoint = { url: "http://127.0.0.1:9/", events: ["*"], headers: { "x-secret": "a-header-of-theirs" } };
    const { id } = await visits.call<{ id: string }>(page, "webhooks.create", { ...place, ...endpoint });

    for (const path of [...tenantPages, `/webhooks/${id}`]) {
      const html = await htmlOf(page, `/${slug}${path}`);
      expectNow(html, path).not.toContain(key);
      expectNow(html, path).not.toContain(password);
      expectNow(html, path).not.toContain("a-header-of-theirs");
      expectNow(html.match(secretShapes), path).toBeNull();
    }
    expectNow((await htmlOf(page, "/account")).match(secretShapes)).toBeNull();
  });
});

/** Keys of ours, signing secrets, Stripe's keys, hashes of passwords, private keys, addresses of databases. */
const secretShapes =
  /tdg_(test|live)_[\w-]{30,}|whsec_[A-Za-z0-9+/=]{16,}|sk_(test|live)_\w+|\$2[aby]\$\d\d\$|BEGIN [A-Z ]*PRIVATE KEY|(postgres(ql)?|rediss?):\/\//;

/** A page as the server sends it, and as it stands once its scripts have run. */
async function htmlOf(page: Page, path: string): Promise<string> {
  const response = await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  return `${await response?.text()}${await page.content()}`;
}
