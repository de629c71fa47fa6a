import type { Database } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { createEndpoint } from "../../endpoints/create-endpoint";
import { generateEndpointSecret } from "../../endpoints/endpoint-secret";
import { createSealer } from "../../secrets/sealer";
import type { ClaimedReport } from "../claim-reports";
import { claimReports } from "../claim-reports";

/** Seals for the suites about reports. */
export const testSealer = createSealer([new Uint8Array(32)]);

interface Wishes {
  url?: string;
  events?: string[];
  headers?: Record<string, string>;
}

/** An enabled endpoint for test reports, made by the verb. @returns its id and secret */
export async function storeEndpoint(
  database: Database,
  tenantId: string,
  { url = "https://example.com/hooks", events = ["*"], headers }: Wishes = {},
): Promise<{ id: string; secret: string }> {
  const deps = { database, sealer: testSealer, checkUrl: async () => {} };
  const wishes = {
    url,
    events,
    channels: [],
    categories: [],
    enabled: true,
    headers,
    secret: generateEndpointSecret(),
  };
  const { row, secret } = await createEndpoint(deps, { tenantId, mode: "test" }, wishes);
  return { id: row.id, secret };
}

/** Reports that wait for their first attempt. @returns their ids, in order */
export async function storeReports(
  database: Database,
  { tenantId, endpointId, count = 1 }: { tenantId: string; endpointId: string; count?: number },
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newUuid());
  const facts = { id: newUuid(), notificationId: newUuid(), channel: "email", address: "ann@example.com" };
  const told = { tenantId, endpointId, mode: "test", type: "delivery.sent", facts: { ...facts, status: "SENT" } };
  await database.report.createMany({ data: ids.map((id) => ({ id, ...told })) });
  return ids;
}

/** Claims a report that is to be had. */
export async function claimOne(database: Database, id: string): Promise<ClaimedReport> {
  const [claim] = await claimReports(database, [id]);
  if (!claim || !("report" in claim)) throw new Error(`the claim was lost: ${JSON.stringify(claim)}`);
  return claim.report;
}
