import { it } from "vitest";
import { expect, useVisits } from "./visitor";

const visits = useVisits();

it("a wrong password is told from a right one, and never whether there is such an account", async () => {
  const { email } = await visits.signUp();
  const page = await visits.open();
  const said: string[] = [];
  for (const address of [email, `nobody-${crypto.randomUUID()}@example.com`]) {
    await visits.signIn(page, address, "not the password at all");
    const refusal = page.getByText(/invalid email or password/i);
    await expect(refusal).toBeVisible();
    said.push(await refusal.innerText());
  }
  expect(new Set(said).size).toBe(1);
  await page.goto("/account");
  await expect(page).toHaveURL(/\/sign-in/);
});

it("a forgotten password is replaced by the link in a mail, which works once and ends the other sessions", async () => {
  const { page, email, password } = await visits.signUp();
  const forgetful = await visits.open();
  await forgetful.goto("/sign-in");
  await forgetful.getByRole("link", { name: "Forgot it?" }).click();
  await expect(forgetful.getByRole("heading", { name: "Forgot your password?" })).toBeVisible();
  await forgetful.getByLabel("Email").fill(email);
  await forgetful.getByRole("button", { name: "Send the link" }).click();
  await expect(forgetful.getByText("Look into your inbox")).toBeVisible();
  const link = await visits.linkInMail(email, "/reset-password/");
  await forgetful.goto(link);
  await forgetful.getByRole("textbox", { name: "New password" }).fill("seven other words, also long enough");
  await forgetful.getByRole("button", { name: "Change the password" }).click();
  await expect(forgetful.getByText("Your password is changed")).toBeVisible();

  await page.goto("/account");
  await expect(page).toHaveURL(/\/sign-in/);
  await visits.signIn(page, email, password);
  await expect(page.getByText(/invalid email or password/i)).toBeVisible();
  await visits.signIn(page, email, "seven other words, also long enough");
  await expect(page.getByText("First steps").first()).toBeVisible();
  await forgetful.goto(link);
  await expect(forgetful.getByText("That link was used already")).toBeVisible();
});

it("a browser that is signed out from another one is signed out", async () => {
  const { page, email, password } = await visits.signUp();
  const other = await visits.open();
  await visits.signIn(other, email, password);
  await expect(other.getByText("First steps").first()).toBeVisible();

  await page.goto("/account");
  const sessions = page.getByRole("region", { name: "Sessions" });
  await expect(sessions.getByRole("listitem")).toHaveCount(2);
  await sessions.getByRole("button", { name: /^Sign out Chrom/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();

  await expect(sessions.getByRole("listitem")).toHaveCount(1);
  await other.goto("/account");
  await expect(other).toHaveURL(/\/sign-in/);
});

it("a session shows where the proxy says it comes from, and nothing the visitor made up", async () => {
  const { email, password } = await visits.signUp();
  const madeUp = "198.51.100.7";
  const page = await visits.open({
    extraHTTPHeaders: { "x-forwarded-for": `${madeUp}, 203.0.113.9`, "x-tidings-visitor": madeUp },
  });
  await visits.signIn(page, email, password);
  await expect(page.getByText("First steps").first()).toBeVisible();
  await page.goto("/account");
  const sessions = page.getByRole("region", { name: "Sessions" });
  await expect(sessions.getByText("203.0.113.9")).toBeVisible();
  await expect(sessions.getByText(madeUp)).toHaveCount(0);
});
