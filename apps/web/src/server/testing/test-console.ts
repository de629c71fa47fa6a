import { type Database, openDatabase } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import type { Role } from "@tidings/shared/roles";
import { createTestDatabase, testRedisUrl } from "../../../../../tests/setup/test-services";
import { webEnv } from "../../env";
import { createCaller } from "../app-router";
import { type Context, contextOf, type SignedIn } from "../context";
import { type House, openHouse } from "../house";

/** A person of the console, as a session knows them. */
export type TestPerson = SignedIn["user"];

/** The console's procedures on a database of its own, without HTTP. */
export interface TestConsole {
  house: House;
  database: Database;
  /** Somebody who signed up and, unless told otherwise, confirmed the address. */
  person(facts?: { operator?: boolean; twoFactorEnabled?: boolean; emailVerified?: boolean }): Promise<TestPerson>;
  /** A tenant; with members, in the order given. */
  tenant(members?: readonly (readonly [TestPerson, Role])[]): Promise<{ id: string; slug: string }>;
  /** What a request of somebody's carries; null for nobody's. */
  contextOf(person: TestPerson | null): Context;
  /** The procedures as somebody calls them. */
  as(person: TestPerson | null): ReturnType<typeof createCaller>;
  close(): Promise<void>;
}

/**
 * Opens a console for tests.
 * @param env settings that are to differ
 */
export async function openTestConsole(env: Readonly<Record<string, string>> = {}): Promise<TestConsole> {
  const url = await createTestDatabase();
  const settings = webEnv.parse({
    DATABASE_URL: url,
    REDIS_URL: await testRedisUrl(),
    EVENT_LOG: "redis",
    TIDINGS_NAMESPACE: `test-${newUuid().slice(-12)}`,
    TIDINGS_SECRET: Buffer.alloc(32, 7).toString("base64"),
    LOG_LEVEL: "silent",
    OPERATOR_SECOND_FACTOR: "optional",
    CONSOLE_URL: "http://console.test",
    API_URL: "http://api.test",
    CONSUMER_HEALTH_URL: "http://127.0.0.1:9",
    WORKER_HEALTH_URL: "http://127.0.0.1:9",
    ...env,
  });
  const house = openHouse(settings);
  const database = openDatabase({ url, poolSize: 3, applicationName: "test" });

  const context = (person: TestPerson | null) =>
    contextOf(house, new Headers({ "user-agent": "test" }), async () => person && sessionOf(person));

  const ended = new AbortController(); // of what is watched
  return {
    house,
    database,
    async person({ operator = false, twoFactorEnabled = false, emailVerified = true } = {}) {
      const id = newUuid();
      const data = {
        id,
        name: "Somebody",
        email: `${id}@example.com`,
        emailVerified,
        operator,
        twoFactorEnabled,
      };
      return database.user.create({ data });
    },
    async tenant(members = []) {
      const id = newUuid();
      const slug = `t-${id}`;
      await database.tenant.create({ data: { id, name: "Test tenant", slug } });
      for (const [{ id: userId }, role] of members)
        await database.member.create({ data: { id: newUuid(), tenantId: id, userId, role } });
      return { id, slug };
    },
    contextOf: context,
    as: (person) => createCaller(context(person), { signal: ended.signal }),
    async close() {
      ended.abort();
      await house.close();
      await database.$disconnect();
    },
  };
}

/** Somebody's who gave the second factor, where they have one. */
function sessionOf(user: TestPerson): SignedIn {
  const now = new Date();
  const dates = { createdAt: now, updatedAt: now, expiresAt: now };
  return {
    user,
    session: { id: newUuid(), userId: user.id, token: "", secondFactor: user.twoFactorEnabled, ...dates },
  };
}
