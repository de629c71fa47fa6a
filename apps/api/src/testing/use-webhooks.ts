import { afterAll, beforeAll, beforeEach } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import { startTestApi, type TestApi, type TestTenant } from "./start-test-api";

/** What a test asks of an endpoint that it was given. */
export interface Webhook {
  id: string;
  url: string;
  secret: string | null;
  enabled: boolean;
  previousSecretUntil: string | null;
}

/** What a test asks of a report that it was given. */
export interface Report {
  id: string;
  type: string;
  status: string;
}

/** What endpoints are made from, unless a test says otherwise. */
export const asked = { url: "http://127.0.0.1:9/hooks" };

/** An API whose reports go nowhere; before each test a new tenant. */
export function useWebhooks() {
  /** `queued`: UUIDs of the reports that were queued. */
  const at = {} as { api: TestApi; tenant: TestTenant; queued: string[] };
  beforeAll(async () => {
    at.api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
    const { queueReports } = at.api.deps;
    at.api.deps.queueReports = async (reports) => {
      at.queued.push(...reports.map(({ id }) => id));
      await queueReports(reports);
    };
  });
  afterAll(() => at.api.close());
  beforeEach(async () => {
    at.tenant = await at.api.createTenant();
    at.queued = [];
  });

  const call = <Body>(method: string, path: string, body?: unknown, headers = {}, key = at.tenant.liveKey) =>
    at.api.call<Body>(method, path, { key, headers, ...(body !== undefined && { body }) });
  const create = (body: object = {}, headers = {}) =>
    call<Webhook>("POST", "/v1/webhooks", { ...asked, ...body }, headers);
  return { at, call, create };
}
