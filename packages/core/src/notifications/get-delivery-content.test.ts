import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { erasedReason, erasedRequestId } from "../people/erased-address";
import { deliveryId } from "../pipeline/delivery-id";
import { createTemplate } from "../templates/create-template";
import { publishTemplate } from "../templates/publish-template";
import { createPublishedTemplates } from "../templates/published-templates";
import { createRenderer } from "../templates/render";
import { createRenderDelivery, type RenderDelivery } from "../templates/render-delivery";
import { updateTemplate } from "../templates/update-template";
import { getDeliveryContent } from "./get-delivery-content";

let database: Database;
let render: RenderDelivery;
let tenantId: string;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 4, applicationName: "test" });
  render = createRenderDelivery({ templates: createPublishedTemplates({ database }), renderer: createRenderer() });
});
afterAll(() => database?.$disconnect());
beforeEach(async () => {
  tenantId = (await createTestTenant(database)).id;
});

/** @returns the id of a delivery that was sent a minute ago */
async function sent(channel: string, said: object, recipientId: string | null = null) {
  const sentAt = new Date(Date.now() - 60_000);
  const common = { tenantId, mode: "live", priority: 2, status: "SENT", createdAt: sentAt, recipientId };
  const id = newUuid();
  const row = { ...common, id, bulk: false, addresses: {}, channels: [channel], requestId: "req_1", ...said };
  await database.notification.create({ data: row });
  const delivery = { id: deliveryId(id, channel, "ann"), notificationId: id, channel, address: "ann", siblings: 1 };
  await database.delivery.create({ data: { ...common, ...delivery, sentAt } });
  return delivery.id;
}

const contentOf = (id: string) => getDeliveryContent({ database, render }, tenantId, id);

it("renders the version that was pinned, in the recipient's language, with their data", async () => {
  const locales = {
    en: { sms: { text: "Hi {{ recipient.data.name }}, {{ code }}" } },
    pt: { sms: { text: "Oi {{ recipient.data.name }}, {{ code }}" } },
  };
  const body = { key: "code", name: "Code", draft: { defaultLocale: "en", locales } };
  const { id: templateId } = await createTemplate(database, tenantId, body);
  await publishTemplate(database, tenantId, "code");
  await updateTemplate(database, tenantId, "code", {
    draft: { defaultLocale: "en", locales: { en: { sms: { text: "new" } } } },
  });
  await publishTemplate(database, tenantId, "code");
  const person = { tenantId, id: "ann", locale: "pt-BR", data: { name: "João" } };
  await database.recipient.create({ data: person });
  const id = await sent("sms", { templateId, templateVersion: 1, data: { code: "42" } }, "ann");
  expect(await contentOf(id)).toEqual({
    channel: "sms",
    address: "ann",
    content: { text: "Oi João, 42" },
    reason: null,
    sms: expect.objectContaining({ segments: 1 }),
    template: { key: "code", version: 1 },
    mayDiffer: true, // the recipient was stored after it was sent
  });

  const missing = await sent("sms", { templateId, templateVersion: 1, data: {} }, "ann");
  expect(await contentOf(missing)).toMatchObject({ content: null, reason: expect.stringContaining("code") });
});

it("shows direct content as it is", async () => {
  const id = await sent("email", { content: { email: { subject: "Hello", html: "<h1>Hi</h1>" } } });
  expect(await contentOf(id)).toMatchObject({ content: { subject: "Hello", html: "<h1>Hi</h1>" }, mayDiffer: false });
});

it("says so when its person was erased", async () => {
  const id = await sent("email", { reason: erasedReason, requestId: erasedRequestId });
  expect(await contentOf(id)).toMatchObject({ content: null, reason: expect.stringContaining("erased") });
});

it("shows nothing to another tenant", async () => {
  const id = await sent("email", { content: { email: { subject: "Hello" } } });
  const { id: other } = await createTestTenant(database);
  await expect(getDeliveryContent({ database, render }, other, id)).rejects.toMatchObject({ code: "not_found" });
});
