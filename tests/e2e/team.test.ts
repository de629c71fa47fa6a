import { it } from "vitest";
import { expect, useVisits } from "./visitor";

const visits = useVisits();

it("somebody is invited by mail, sees what a viewer may see and no more, and is removed", async () => {
  const owner = await visits.signUp();
  await visits.goLive(owner);
  const { page, slug } = owner;
  const email = `vic-${slug}@example.com`;
  await page.goto(`/${slug}/settings/team`);
  await page.getByRole("button", { name: "Invite" }).first().click();
  await page.getByLabel("Email").fill(email);
  await page.getByRole("radio", { name: /^Viewer/ }).check();
  await page.getByRole("button", { name: "Send invitation" }).click();
  await expect(page.getByRole("row", { name: new RegExp(email) })).toBeVisible();

  const guest = await visits.open();
  await guest.goto(await visits.linkInMail(email, "/invite/"));
  await guest.getByRole("link", { name: "Create an account" }).click();
  await expect(guest.getByLabel("Email")).toHaveValue(email);
  await guest.getByLabel("Your name").fill("Vic Viewer");
  await guest.getByLabel("Password").fill("six calm words are long enough");
  await guest.getByRole("button", { name: "Create account and join" }).click();
  await expect(guest).toHaveURL(`${visits.at.consoleUrl}/${slug}`);

  for (const [path, title, button] of [
    ["templates", "Templates", "New template"],
    ["providers", "Providers", "Add provider"],
    ["webhooks", "Webhooks", "Add endpoint"],
    ["suppressions", "Suppressions", /^Add/],
    ["settings/team", "Settings", "Invite"],
  ] as const) {
    await guest.goto(`/${slug}/${path}`);
    await expect(guest.getByRole("heading", { name: title, level: 1 })).toBeVisible();
    await expect(guest.locator("[aria-busy=true]")).toHaveCount(0);
    await expect(guest.getByRole("main").getByRole("button", { name: button })).toHaveCount(0);
  }
  const own = guest.getByRole("row", { name: /Vic Viewer/ });
  await expect(own.getByRole("cell", { name: "Viewer", exact: true })).toBeVisible();
  for (const path of ["keys", "billing"]) {
    await guest.goto(`/${slug}/${path}`);
    await expect(guest.getByText("Your role does not allow this")).toBeVisible();
  }

  await page.reload();
  await page.getByRole("button", { name: "Change Vic Viewer" }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await page.getByRole("button", { name: "Remove member" }).click();
  await expect(page.getByText("Removed Vic Viewer")).toBeVisible();
  await expect(page.getByRole("row", { name: /Vic Viewer/ })).toHaveCount(0);
  await guest.goto(`/${slug}/messages`);
  await expect(guest.getByRole("heading", { name: "Messages" })).toHaveCount(0);
  expect(await guest.content()).not.toContain(owner.email);
});
