import type { Page } from "@playwright/test";
import { it } from "vitest";
import { totp } from "../setup/totp";
import { expect, useVisits } from "./visitor";

const visits = useVisits();

it("a second factor is set up with the key on the page, asked for at sign-in, and replaced once by a recovery code", async () => {
  const { page, email, password } = await visits.signUp();
  await page.goto("/account");
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByLabel("Your password").fill(password);
  await page.getByRole("button", { name: "Continue" }).click();
  const key = (await page.getByText(/^([A-Z2-7]{4} ?){4,}[A-Z2-7]*$/).innerText()).replaceAll(" ", "");
  const code = page.getByLabel("2. Give the code that the app shows");
  await code.fill("000000");
  await page.getByRole("button", { name: "Turn on" }).click();
  await expect(page.getByRole("alert").or(page.locator("[aria-invalid=true]")).first()).toBeVisible();
  await code.fill(totp(key));
  await page.getByRole("button", { name: "Turn on" }).click();
  const recovery = await page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").first().innerText();
  await page.getByRole("button", { name: "I have kept them" }).click();
  await expect(page.getByRole("button", { name: "Turn off" })).toBeVisible();
  await signOut(page);

  await visits.signIn(page, email, password);
  await page.getByLabel("Code of your authenticator app").fill(totp(key));
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page.getByText("First steps").first()).toBeVisible();
  await signOut(page);

  const recover = async () => {
    await visits.signIn(page, email, password);
    await page.getByRole("button", { name: "Use a recovery code" }).click();
    await page.getByLabel("Recovery code").fill(recovery);
    await page.getByRole("button", { name: "Verify" }).click();
  };
  await recover();
  await expect(page.getByText("First steps").first()).toBeVisible();
  await signOut(page);
  await recover();
  await expect(page.getByText(/invalid/i).first()).toBeVisible();
  await page.goto("/account");
  await expect(page).toHaveURL(/\/sign-in/);
});

async function signOut(page: Page): Promise<void> {
  await page.goto("/account");
  await page.getByRole("button", { name: "Sign out", exact: true }).first().click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
}
