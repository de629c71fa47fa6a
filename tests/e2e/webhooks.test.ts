import { Webhook } from "standardwebhooks";
import { it } from "vitest";
import { createWebhookSink, type SunkWebhook } from "../fakes/webhook-sink";
import { expect, useVisits } from "./visitor";

const visits = useVisits();

it("an endpoint is added, hears of a message with a signature that holds, and again when asked", async () => {
  const reports: SunkWebhook[] = [];
  const sink = await createWebhookSink({ onMessage: (report) => reports.push(report) });
  try {
    const visitor = await visits.signUp();
    const { page, slug } = visitor;
    await page.goto(`/${slug}/webhooks`);
    await page.getByRole("button", { name: "Add endpoint" }).first().click();
    await page.getByLabel("URL").fill(`${sink.url}/hooks`);
    await page.getByLabel("Description").fill("Orders service");
    await page.getByRole("button", { name: "Add endpoint" }).last().click();
    await expect(page.getByText("Endpoint added")).toBeVisible();
    await page.getByRole("tab", { name: "Secret and verifying" }).click();
    await page.getByRole("button", { name: "Show", exact: true }).click();
    const secret = await page.getByText(/^whsec_[A-Za-z0-9+/=]{30,}$/).innerText();

    const answer = await fetch(`${visits.at.apiUrl}/v1/notifications`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": await visits.keyOf(visitor) },
      body: JSON.stringify({
        channel: "email",
        recipient: { email: "ann@example.com" },
        content: { subject: "Hi", text: "Hi" },
      }),
    });
    expect(answer.status).toBe(202);

    const sent = () => reports.filter(({ body }) => JSON.parse(body).type === "delivery.sent");
    await expect.poll(() => sent().length).toBe(1);
    const [first] = sent();
    if (!first) throw new Error("there is one");
    expect(new Webhook(secret).verify(first.body, first.headers)).toMatchObject({ type: "delivery.sent" });

    await page.getByRole("tab", { name: "Reports" }).click();
    const row = page.getByRole("row", { name: /delivery\.sent/ });
    await expect(row).toContainText("Delivered");
    await row.click();
    await expect(page.getByText("Attempt 1: answered 200")).toBeVisible();
    await page.getByRole("button", { name: "Redeliver" }).click();

    await expect.poll(() => sent().length).toBe(2);
    expect(sent()[1]?.headers["webhook-id"]).toBe(first.headers["webhook-id"]);
    await expect(page.getByText("Attempt 2: answered 200")).toBeVisible();
  } finally {
    await sink.close();
  }
});
