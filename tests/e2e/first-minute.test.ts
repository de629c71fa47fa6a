import type { Page } from "@playwright/test";
import { describe, it } from "vitest";
import { expect, useVisits } from "./visitor";

const visits = useVisits();

/** The stage a message has come to, on whichever page shows it. */
const arrived = (page: Page) => page.locator('[data-stage="report"][data-state="done"]');

describe("the first minute", () => {
  it("goes from signing up to a message that travels before one's eyes, sent with the line on the page", async () => {
    const { page } = await visits.signUp();
    await expect(page.getByText("Waiting for it")).toBeVisible();
    const line = await page.getByText(/x-api-key: tdg_test_[\w-]{30,}/).innerText();
    const [, key = ""] = line.match(/x-api-key: (tdg_test_\S+)'/) ?? [];
    const [, body = ""] = line.match(/-d '([\s\S]+)'/) ?? [];

    const answer = await fetch(`${visits.at.apiUrl}/v1/notifications`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": key },
      body,
    });

    expect(answer.status).toBe(202);
    await expect(arrived(page)).toBeVisible();
    await expect(page.getByText("First steps: 1 of 5 done")).toBeVisible();
    await page.getByRole("link", { name: "See its whole story" }).click();
    await expect(page.getByRole("heading", { name: "Hello" })).toBeVisible();
    await expect(page.getByText("Attempt 1", { exact: true })).toBeVisible();
  });

  it("can be gone through with the keyboard alone", async () => {
    const page = await visits.open();
    const type = (text: string) => page.keyboard.type(text);
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await page.goto("/sign-up");
    await expect(page.getByLabel("Your name")).toBeFocused();
    await type("Kay");
    await press("Tab");
    await type(`kay-${crypto.randomUUID()}@example.com`);
    await press("Tab");
    await type("six calm words are long enough");
    await press("Tab");
    await type("Keys & Co");
    await press("Enter");
    const send = page.getByRole("button", { name: "Send it from here" });
    await expect(send).toBeVisible();
    await tabTo(page, "Send it from here");
    await press("Enter");

    await expect(arrived(page)).toBeVisible();
    await tabTo(page, "See its whole story");
    await press("Enter");
    await expect(page.getByRole("heading", { name: "Hello" })).toBeVisible();
    await press("g", "m");
    await expect(page.getByRole("heading", { name: "Messages", exact: true })).toBeVisible();
    await expect(page.getByRole("row", { name: /ann@example.com/ })).toBeVisible();
    await press("j", "Enter");
    await expect(page.getByRole("dialog", { name: "Message" })).toBeVisible();
  });

  it("shows live in the list what comes in, and its way to sent", async () => {
    const { page } = await visits.signUp();
    await page.getByRole("button", { name: "Send it from here" }).click();
    await expect(arrived(page)).toBeVisible();
    await page.getByRole("link", { name: "Messages", exact: true }).click();
    const rows = page.getByRole("row", { name: /ann@example.com/ });
    await expect(rows).toHaveCount(1);
    await rows.first().click();
    await page.getByRole("button", { name: "Resend" }).click();
    await page.getByRole("button", { name: "Send again" }).click();
    await expect(page.getByText("Sent again from")).toBeVisible();
  });
});

/** Presses Tab until the control of that name has the focus, as somebody without a mouse would. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    const focused = await page.evaluate("document.activeElement?.textContent?.trim()");
    if (focused === name) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the keyboard does not come to “${name}”`);
}
