import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import { startTestApi, type TestApi, type TestTenant } from "./start-test-api";

/** What a notification that was accepted is answered with. */
export interface Accepted {
  id: string;
  status: string;
  channels: string[];
}

/** The least that can be sent. */
export const email = {
  channel: "email",
  recipient: { email: "ann@example.com" },
  content: { subject: "Hello", html: "<h1>Welcome</h1>" },
};

/** An API that takes notifications; before each test a new tenant. */
export function useNotifications() {
  const at = {} as { api: TestApi; tenant: TestTenant };
  beforeAll(async () => {
    at.api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
  });
  afterAll(() => at.api.close());
  beforeEach(async () => {
    at.tenant = await at.api.createTenant();
  });

  const send = (body: unknown = email, headers = {}, key = at.tenant.testKey) =>
    at.api.call<Accepted>("POST", "/v1/notifications", { key, body, headers });
  const sendBatch = (notifications: unknown[], headers = {}) =>
    at.api.call<{ data: Record<string, unknown>[] }>("POST", "/v1/notifications/batch", {
      key: at.tenant.testKey,
      body: { notifications },
      headers,
    });
  const get = (id: string, key = at.tenant.testKey) => at.api.call("GET", `/v1/notifications/${id}`, { key });
  const rows = () =>
    at.api.database.notification.findMany({ where: { tenantId: at.tenant.id }, orderBy: { id: "asc" } });

  async function publishTemplate(key: string, draft: unknown): Promise<void> {
    const manage = { key: at.tenant.liveKey };
    await at.api.call("POST", "/v1/templates", {
      ...manage,
      body: { key, name: key, draft, category: "order_updates" },
    });
    expect((await at.api.call("POST", `/v1/templates/${key}/publish`, manage)).status).toBe(201);
  }
  return { at, send, sendBatch, get, rows, publishTemplate };
}
