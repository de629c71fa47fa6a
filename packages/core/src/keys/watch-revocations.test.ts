import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { createAuthenticator } from "./authenticate";
import { createKey } from "./create-key";
import { revokeKey } from "./revoke-key";
import { createSecretHasher } from "./secret-hasher";
import { watchRevocations } from "./watch-revocations";

const url = await createTestDatabase();
const database = openDatabase({ url, poolSize: 5, applicationName: "test" });
const hasher = createSecretHasher({ pepper: Buffer.alloc(32, 1) });
afterAll(() => Promise.all([hasher.close(), database.$disconnect()]));
const tenant = await createTestTenant(database);

const lines: string[] = [];
const logger = createLogger({ name: "test", level: "info", destination: { write: (line) => void lines.push(line) } });

let seen: Set<string>;
let stop: (() => Promise<void>) | undefined;
const onRevoked = (ids: string[]) => ids.forEach((id) => void seen.add(id));
const isSeen = (id: string) => vi.waitFor(() => expect(seen).toContain(id), { timeout: 10_000, interval: 10 });

beforeEach(() => {
  seen = new Set();
  lines.length = 0;
});
afterEach(() => stop?.());

async function makeKey() {
  const body = { name: "k", mode: "live", scopes: ["send"] } as const;
  const { row, text } = await createKey({ database, hasher }, tenant.id, { ...body, scopes: [...body.scopes] });
  return { id: row.id, text };
}

describe("watchRevocations", () => {
  it("ends a key that is in use, within a second", async () => {
    const { id, text } = await makeKey();
    const authenticator = createAuthenticator({ database, hasher });
    await authenticator.authenticate(text, "192.0.2.1");
    stop = watchRevocations({ database, logger, onRevoked: authenticator.markRevoked });

    await revokeKey(database, tenant.id, id);
    await vi.waitFor(() => expect(() => authenticator.authenticate(text, "192.0.2.1")).toThrow("has been revoked"), {
      timeout: 1_000,
      interval: 10,
    });
  });

  it("sees a revocation that commits long after its time", async () => {
    const { id } = await makeKey();
    await database.$executeRaw`UPDATE api_key SET revoked_at = now() - interval '50 seconds' WHERE id = ${id}::uuid`;
    stop = watchRevocations({ database, logger, onRevoked, intervalMs: 20 });
    await isSeen(id);
  });

  it("leaves old revocations alone", async () => {
    const [old, fresh] = [await makeKey(), await makeKey()];
    await database.$executeRaw`UPDATE api_key SET revoked_at = now() - interval '2 minutes' WHERE id = ${old.id}::uuid`;
    await revokeKey(database, tenant.id, fresh.id);
    stop = watchRevocations({ database, logger, onRevoked, intervalMs: 20 });
    await isSeen(fresh.id);
    expect(seen).not.toContain(old.id);
  });

  it("goes on when Postgres could not be asked, says so once, and looks back over the whole gap", async () => {
    const { id } = await makeKey();
    await database.$executeRaw`UPDATE api_key SET revoked_at = now() - interval '5 minutes' WHERE id = ${id}::uuid`;
    let asked = 0;
    const flaky = withQueryRaw(async (ask) => {
      asked += 1;
      if (asked > 1 && asked < 5) throw new Error("Postgres is away");
      // The gap begins ten minutes ago.
      return (await ask()).map((answer) => ({ ...answer, now: new Date(answer.now.getTime() - 600_000) }));
    });
    stop = watchRevocations({ database: flaky, logger, onRevoked, intervalMs: 10 });
    await isSeen(id);
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
      "could not ask for revoked keys; asking on",
      "revoked keys are known again",
    ]);
  });

  it("asks nothing more once it has stopped", async () => {
    let asked = 0;
    const counting = withQueryRaw((ask) => {
      asked += 1;
      return ask();
    });
    const stopNow = watchRevocations({ database: counting, logger, onRevoked, intervalMs: 5 });
    await vi.waitFor(() => expect(asked).toBeGreaterThan(2));
    await stopNow();
    const atStop = asked;
    await makeKey(); // takes longer than two intervals
    expect(asked).toBe(atStop);
  });
});

/** The database, with something done around its raw queries. */
function withQueryRaw(around: (ask: () => Promise<{ now: Date }[]>) => Promise<unknown>) {
  const $queryRaw = (...query: Parameters<typeof database.$queryRaw>) =>
    around(() => database.$queryRaw<{ now: Date }[]>(...query));
  return { $queryRaw: $queryRaw as typeof database.$queryRaw };
}
