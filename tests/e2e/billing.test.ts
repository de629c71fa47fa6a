import { it } from "vitest";
import { expect, useVisits } from "./visitor";

const visits = useVisits();

it("a plan is subscribed to on Stripe's page, is in force when one comes back, and has its invoice", async () => {
  const visitor = await visits.signUp();
  const { page, slug } = visitor;
  await visits.goLive(visitor);
  await page.goto(`/${slug}/billing`);
  await page.getByRole("button", { name: "Subscribe to Starter" }).click();
  await page.getByRole("heading", { name: "Subscribe" }).waitFor();
  await page.getByRole("link", { name: "Back" }).click();
  await expect(page.getByText("You left the checkout")).toBeVisible();

  await page.getByRole("button", { name: "Subscribe to Starter" }).click();
  await page.getByRole("button", { name: "Subscribe", exact: true }).click();

  await expect(page.getByText("You are on Starter now")).toBeVisible();
  const plan = page.getByRole("region", { name: "Current plan" });
  await expect(plan.getByRole("heading", { name: "Starter" })).toBeVisible();
  await expect(plan.getByText("Active")).toBeVisible();
  const invoices = page.getByRole("table", { name: "Invoices" });
  await expect(invoices.getByText("Paid")).toBeVisible();
  await expect(invoices.getByText(/\$\d+/)).toBeVisible();
});
