import type { Page } from "@playwright/test";
import { it } from "vitest";
import { expect, useVisits } from "./visitor";

const visits = useVisits();

it("a template is edited, published, sent and read in the mailbox; and rolled back", async () => {
  const visitor = await visits.signUp();
  const { page, slug } = visitor;
  await visits.goLive(visitor);
  const key = await visits.keyOf(visitor, "live");
  const reader = `reader-${slug}@example.com`;
  const api = `${visits.at.apiUrl}/v1/notifications`;
  const headers = { "content-type": "application/json", "x-api-key": key };
  /** Sends it to the reader. @returns the version it was made from */
  async function send(name: string): Promise<number | undefined> {
    const body = JSON.stringify({ template: "greeting", recipient: { email: reader }, data: { name } });
    const { id } = (await (await fetch(api, { method: "POST", headers, body })).json()) as { id: string };
    const sent = (await (await fetch(`${api}/${id}`, { headers })).json()) as { template: { version: number } };
    return sent.template.version;
  }
  /** What is published is what every process sends, within a second. */
  const sends = (name: string, version: number) =>
    expect.poll(() => send(name), { intervals: [250], timeout: 3_000 }).toBe(version);

  await page.goto(`/${slug}/templates`);
  await page.getByRole("button", { name: "New template" }).first().click();
  await page.getByRole("radio", { name: /An email with one line/ }).check();
  await page.getByRole("textbox", { name: "Name" }).fill("Greeting");
  await expect(page.getByRole("textbox", { name: "Key" })).toHaveValue("greeting");
  await page.getByRole("button", { name: "Create template" }).click();
  await write(page, "Good morning {{ name }}", "We are glad, {{ name }}");
  await publish(page, 1);

  await sends("Zoë", 1);
  const first = await visits.mail(reader, "Good morning Zoë");
  expect(first.html).toContain("We are glad, Zoë");

  await write(page, "Good evening {{ name }}", "Sleep well, {{ name }}");
  await publish(page, 2);
  await sends("Bo", 2);
  expect((await visits.mail(reader, "Good evening Bo")).html).toContain("Sleep well, Bo");

  await page.getByRole("tab", { name: "Versions" }).click();
  await page.getByRole("button", { name: "Roll back to version 1" }).click();
  await page.getByRole("button", { name: "Publish as version 3" }).click();
  await expect(page.getByText("Version 3 is published").first()).toBeVisible();
  await sends("Cy", 3);
  expect((await visits.mail(reader, "Good morning Cy")).html).toContain("We are glad, Cy");
});

it("a template is not published unseen over what somebody else published meanwhile", async () => {
  const { page, slug } = await visits.signUp();
  const place = { tenant: slug, mode: "test", key: "code" };
  const draft = { defaultLocale: "en", locales: { en: { sms: { text: "Your code is {{ code }}" } } } };
  await visits.call(page, "templates.create", { ...place, name: "Code", draft });
  await page.goto(`/${slug}/templates/code`);
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByRole("button", { name: "Publish version 1" })).toBeVisible();
  await visits.call(page, "templates.publish", place);
  await page.getByRole("button", { name: "Publish version 1" }).click();
  await expect(page.getByText("Somebody else changed the template meanwhile")).toBeVisible();
  await page.getByRole("button", { name: "Publish version 2" }).click();
  await expect(page.getByText("Version 2 is published").first()).toBeVisible();
});

/** Types over the subject and the body, and waits until the preview shows both and the draft is saved. */
async function write(page: Page, subject: string, body: string): Promise<void> {
  const typed = (text: string) => text.replace("{{ name }}", "Ann");
  await page.getByLabel("Subject").fill(subject);
  const editor = page.getByRole("textbox", { name: "MJML" });
  await editor.fill(
    `<mjml><mj-body><mj-section><mj-column><mj-text>${body}</mj-text></mj-column></mj-section></mj-body></mjml>`,
  );
  await expect(page.getByText(typed(subject)).first()).toBeVisible();
  await expect(page.getByTitle("The email as it is read").contentFrame().getByText(typed(body))).toBeVisible();
  await expect(page.getByText("Draft saved")).toBeVisible();
}

async function publish(page: Page, version: number): Promise<void> {
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByRole("button", { name: `Publish version ${version}` }).click();
  await expect(page.getByText(`Version ${version} is published`).first()).toBeVisible();
}
