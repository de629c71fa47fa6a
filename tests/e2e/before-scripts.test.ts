import type { Page } from "@playwright/test";
import { expect as expectNow, it } from "vitest";
import { expect, useVisits } from "./visitor";

const visits = useVisits();

/** A slow line: the page is there, its scripts are not. @returns lets them come */
async function holdScripts(page: Page): Promise<() => void> {
  let letCome = () => {};
  const held = new Promise<void>((resolve) => {
    letCome = resolve;
  });
  await page.route("**/_next/static/**/*.js", async (route) => {
    await held;
    await route.continue();
  });
  return letCome;
}

it("what is typed and clicked before a page's scripts are there is done when they are", async () => {
  const page = await visits.open();
  const letScriptsCome = await holdScripts(page);
  await page.goto("/sign-up", { waitUntil: "commit" });
  await page.getByLabel("Your name").fill("Early Bird");
  await page.getByLabel("Email").fill(`early-${crypto.randomUUID()}@example.com`);
  await page.getByLabel("Password").fill("six calm words are long enough");
  await page.getByLabel("Company, product or team").fill("Early & Co");
  await page.getByLabel("Company, product or team").press("Enter");
  expectNow(new URL(page.url())).toMatchObject({ pathname: "/sign-up", search: "" });

  letScriptsCome();
  await expect(page.getByRole("heading", { name: "First steps" })).toBeVisible();
});

it("a menu opens, and a list is searched, by what was done before the scripts were there", async () => {
  const { page, slug } = await visits.signUp({ tenant: "Early Searchers" });
  const letScriptsCome = await holdScripts(page);
  await page.goto(`/${slug}/recipients`, { waitUntil: "commit" });
  await page.getByLabel("Find recipients").fill("ann");
  await page.getByRole("button", { name: /^Tenant: Early Searchers/ }).click();

  letScriptsCome();
  await expect(page.getByRole("menu")).toBeVisible();
  await expect(page).toHaveURL(/q=ann/);
  await expect(page.getByLabel("Find recipients")).toHaveValue("ann");
});
