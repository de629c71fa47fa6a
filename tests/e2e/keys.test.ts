import { it } from "vitest";
import { expect, useVisits } from "./visitor";

const visits = useVisits();

it("a key is shown once, works, and stops working within a second of being revoked", async () => {
  const { page, slug } = await visits.signUp();
  await page.goto(`/${slug}/keys`);
  await page.getByRole("button", { name: "Create key" }).first().click();
  await page.getByLabel("Name").fill("Backend");
  await page.getByRole("button", { name: "Create key" }).last().click();
  const key = await page.getByText(/^tdg_test_[\w-]{30,}$/).innerText();
  const ask = async () =>
    (await fetch(`${visits.at.apiUrl}/v1/notifications`, { headers: { "x-api-key": key } })).status;
  expect(await ask()).toBe(200);

  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(key)).toHaveCount(0);
  await page.reload();
  await page.getByRole("button", { name: "Revoke Backend" }).click();
  await page.getByRole("button", { name: "Revoke key" }).click();

  await expect(page.getByText("Revoked Backend")).toBeVisible();
  await expect(page.getByRole("row", { name: /Backend/ })).toHaveCount(0);
  await expect.poll(ask, { intervals: [100], timeout: 1_500 }).toBe(401);
});
