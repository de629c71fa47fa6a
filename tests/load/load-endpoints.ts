import { createEndpoint } from "@tidings/core/endpoints/create-endpoint";
import { generateEndpointSecret } from "@tidings/core/endpoints/endpoint-secret";
import { createSealer } from "@tidings/core/secrets/sealer";
import type { Mode } from "@tidings/shared/modes";
import type { ReportSink } from "./report-sink-process";
import type { System } from "./system";

/** An endpoint at the sink for each tenant, at a path of its own, which the sink can verify. @returns the paths */
export async function createLoadEndpoints(
  { database, stack }: System,
  sink: ReportSink,
  { tenantIds, mode, events }: { tenantIds: readonly string[]; mode: Mode; events: string[] },
): Promise<string[]> {
  const sealer = createSealer([Buffer.from(stack.env.TIDINGS_SECRET as string, "base64")]);
  const deps = { database, sealer, checkUrl: async () => {} };
  const secrets: Record<string, string> = {};
  for (const tenantId of tenantIds) {
    const path = `/${tenantId}`;
    const url = `http://127.0.0.1:${sink.port}${path}`;
    const secret = generateEndpointSecret();
    const wishes = { url, events, channels: [], categories: [], enabled: true, secret };
    await createEndpoint(deps, { tenantId, mode }, wishes);
    secrets[path] = secret;
  }
  await sink.ask("conduct", { secrets });
  return Object.keys(secrets);
}
