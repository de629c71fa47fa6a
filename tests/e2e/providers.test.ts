import { createServer } from "node:net";
import type { Page } from "@playwright/test";
import { it } from "vitest";
import { createSmtpFake, type SmtpMessage } from "../fakes/smtp-fake";
import { expect, useVisits } from "./visitor";

const visits = useVisits();

it("a mail server is added and tried; when the one before it fails, a message goes out by it, and its story says so", async () => {
  const mails: SmtpMessage[] = [];
  const server = await createSmtpFake({ onMessage: (mail) => mails.push(mail) });
  try {
    const visitor = await visits.signUp();
    const { page, slug } = visitor;
    await visits.goLive(visitor);
    await addServer(page, slug, { name: "Old server", port: await unusedPort() });
    await addServer(page, slug, { name: "New server", port: server.port });

    await page.getByRole("button", { name: "Send a test" }).click();
    await page.getByRole("textbox", { name: "To", exact: true }).fill("trial@example.com");
    await page.getByRole("button", { name: "Send test" }).click();
    await expect(page.getByText(/The provider took it, in/)).toBeVisible();
    expect(mails.map(({ to }) => to)).toEqual([["trial@example.com"]]);

    await page.goto(`/${slug}/providers`);
    const order = page.getByRole("list", { name: "Accounts for Email, in the order in which they are tried" });
    await expect(order.getByRole("link")).toHaveText(["Old server", "New server"]);
    const answer = await fetch(`${visits.at.apiUrl}/v1/notifications`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": await visits.keyOf(visitor, "live") },
      body: JSON.stringify({
        channel: "email",
        recipient: { email: "ann@example.com" },
        content: { subject: "By which way?", text: "Hi" },
      }),
    });
    const { id } = (await answer.json()) as { id: string };
    await expect.poll(() => mails.flatMap(({ to }) => to)).toContain("ann@example.com");
    await page.goto(`/${slug}/messages/${id}`);
    await expect(page.getByText("Old server").first()).toBeVisible();
    await expect(page.getByText("New server").first()).toBeVisible();
    await expect(page.getByText(/ECONNREFUSED/).first()).toBeVisible();
    await expect(page.getByText("Sent", { exact: true }).first()).toBeVisible();
  } finally {
    await server.close();
  }
});

async function addServer(page: Page, slug: string, { name, port }: { name: string; port: number }): Promise<void> {
  await page.goto(`/${slug}/providers?add=smtp`);
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await page.getByRole("textbox", { name: "Server", exact: true }).fill("127.0.0.1");
  await page.getByRole("textbox", { name: "Port" }).fill(String(port));
  await page.getByRole("textbox", { name: "Sender", exact: true }).fill("Shop <shop@example.com>");
  await page.getByRole("button", { name: /^Add SMTP|^Add .*mail server/i }).click();
  await expect(page.getByText(`${name} is saved`)).toBeVisible();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
}

/** A port at which nobody listens. */
async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (!address || typeof address === "string") throw new Error("no port");
  return address.port;
}
