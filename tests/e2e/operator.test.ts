import { uuidOf } from "@tidings/shared/ids";
import { Client } from "pg";
import { it } from "vitest";
import { expect, useVisits } from "./visitor";

const visits = useVisits();

it("an operator sees a dead letter, replays it, and its message goes out; to others there is no such page", async () => {
  const visitor = await visits.signUp();
  const { page, slug } = visitor;
  await page.goto("/operator/dead-letters");
  await expect(page.getByRole("heading", { name: "Dead letters" })).toHaveCount(0);
  await visits.makeOperator(visitor);
  const id = await deadLetter(await visits.keyOf(visitor), `a reason of ${slug}`);

  await page.goto("/operator");
  await page.getByRole("link", { name: "Dead letters", exact: true }).click();
  await page.getByRole("textbox", { name: "Search reasons" }).fill(`a reason of ${slug}`);
  const row = page.getByRole("row", { name: new RegExp(`a reason of ${slug}`) });
  await expect(row).toContainText("Waiting");
  await row.click();
  await page.getByRole("button", { name: "Replay", exact: true }).click();

  await expect(page.getByRole("heading", { name: "Published again" })).toBeVisible();
  await expect(row).toContainText("Replayed");
  await page.goto(`/${slug}/messages/${id}`);
  await expect(page.locator('[data-stage="report"][data-state="done"]')).toBeVisible();
});

/** A message as it is after its routing has failed: accepted, not routed, and its dead letter there. @returns its id */
async function deadLetter(key: string, reason: string): Promise<string> {
  const headers = { "content-type": "application/json", "x-api-key": key };
  const api = `${visits.at.apiUrl}/v1/notifications`;
  const content = { subject: "Hi", text: "Hi" };
  const body = JSON.stringify({ channel: "email", recipient: { email: "ann@example.com" }, content });
  const { id } = (await (await fetch(api, { method: "POST", headers, body })).json()) as { id: string };
  const status = async () => ((await (await fetch(`${api}/${id}`, { headers })).json()) as { status: string }).status;
  await expect.poll(status).toBe("SENT");

  const database = new Client({ connectionString: visits.at.databaseUrl });
  await database.connect();
  try {
    const uuid = uuidOf("notification", id);
    await database.query("BEGIN");
    await database.query("DELETE FROM delivery WHERE notification_id = $1", [uuid]);
    await database.query("UPDATE notification SET status = 'PENDING' WHERE id = $1", [uuid]);
    await database.query(
      `INSERT INTO dead_letter (id, tenant_id, mode, notification_id, topic, partition, position, payload, reason)
       SELECT gen_random_uuid(), tenant_id, mode, id, 'notifications', 0, id::text, '\\x7b7d', $2
       FROM notification WHERE id = $1`,
      [uuid, reason],
    );
    await database.query("COMMIT");
  } finally {
    await database.end();
  }
  return id;
}
