import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { Refusal } from "@tidings/shared/refusals";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { type Authenticator, createAuthenticator, type Principal } from "./authenticate";
import { createKey } from "./create-key";
import { formatKey, generateKey } from "./key-format";
import { revokeKey } from "./revoke-key";
import { createSecretHasher, type SecretHasher } from "./secret-hasher";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 5, applicationName: "test" });
const hasher = createSecretHasher({ pepper: Buffer.alloc(32, 1) });
afterAll(() => Promise.all([hasher.close(), database.$disconnect()]));

const tenant = await createTestTenant(database, { requestsPerSecond: 50 });
const { row: key, text } = await makeKey();

let time: number;
let proofs: number;
let beforeProof: () => Promise<void>;
let uses: [string, number][];
let authenticator: Authenticator;
beforeEach(() => {
  time = Date.now();
  proofs = 0;
  beforeProof = async () => {};
  uses = [];
  const countingHasher: SecretHasher = {
    ...hasher,
    async verify(secret, storedHash) {
      proofs += 1;
      const proven = await hasher.verify(secret, storedHash);
      await beforeProof();
      return proven;
    },
  };
  authenticator = createAuthenticator({
    database,
    hasher: countingHasher,
    now: () => time,
    onUse: (keyId, atMs) => void uses.push([keyId, atMs]),
  });
});

function makeKey(expiresAt: Date | null = null) {
  return createKey({ database, hasher }, tenant.id, { name: "k", mode: "live", scopes: ["send", "read"], expiresAt });
}

/** A key with the id of a stored one and a secret that is not its own. */
function guess(keyId: string): string {
  return formatKey({ ...generateKey("live"), keyId });
}

const authenticate = async (keyText: string, address = "192.0.2.1") => authenticator.authenticate(keyText, address);

async function codeOf(attempt: Promise<Principal>): Promise<string> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Refusal ? error.code : `not refused: ${error}`;
}

describe("a good key", () => {
  it("tells whose it is and what it may", async () => {
    expect(await authenticate(text)).toEqual({
      tenantId: tenant.id,
      keyId: key.id,
      mode: "live",
      scopes: new Set(["send", "read"]),
      plan: "unlimited",
      requestsPerSecond: 50,
      ownRequestsPerSecond: null,
    });
  });

  it("is known at once the second time, without a promise and without bcrypt", async () => {
    const first = await authenticate(text);
    expect(authenticator.authenticate(text, "192.0.2.9")).toBe(first);
    expect(proofs).toBe(1);
  });

  it("is proven once for all requests that wait for it", async () => {
    await Promise.all(Array.from({ length: 50 }, () => authenticate(text)));
    expect(proofs).toBe(1);
  });

  it("is read again after a minute, so that what changed counts, without bcrypt", async () => {
    await authenticate(text);
    await database.apiKey.update({ where: { id: key.id }, data: { scopes: ["read"] } });
    await database.tenant.update({ where: { id: tenant.id }, data: { requestsPerSecond: 7 } });
    time += 59_999;
    expect((await authenticate(text)).requestsPerSecond).toBe(50);
    time += 1;
    expect(await authenticate(text)).toMatchObject({ scopes: new Set(["read"]), requestsPerSecond: 7 });
    expect(proofs).toBe(1);
  });

  it("is proven again when its stored hash is another", async () => {
    const { row, text: replaced } = await makeKey();
    await authenticate(replaced);
    await database.apiKey.update({ where: { id: row.id }, data: { secretHash: await hasher.hash("another secret") } });
    time += 60_000;
    expect(await codeOf(authenticate(replaced))).toBe("key_unknown");
  });

  it("reports each use", async () => {
    await authenticate(text);
    time += 5;
    await authenticate(text);
    expect(uses).toEqual([
      [key.id, time - 5],
      [key.id, time],
    ]);
  });
});

describe("a key that is refused", () => {
  it("is malformed when mistyped", async () => {
    expect(await codeOf(authenticate(`${text.slice(0, -1)}_`))).toBe("key_malformed");
    expect(await codeOf(authenticate(""))).toBe("key_malformed");
  });

  it("is unknown when nobody has its id, and costs no bcrypt", async () => {
    expect(await codeOf(authenticate(generateKey("live").text))).toBe("key_unknown");
    expect(proofs).toBe(0);
  });

  it("is unknown with a wrong secret, and is not proven again for a while", async () => {
    const wrong = guess(key.keyId);
    expect(await codeOf(authenticate(wrong))).toBe("key_unknown");
    expect(await codeOf(authenticate(wrong))).toBe("key_unknown");
    expect(proofs).toBe(1);
    time += 30_000;
    expect(await codeOf(authenticate(wrong))).toBe("key_unknown");
    expect(proofs).toBe(2);
  });

  it("is unknown in a mode that is not its own", async () => {
    const { row, text: live } = await makeKey();
    await database.apiKey.update({ where: { id: row.id }, data: { mode: "test" } });
    expect(await codeOf(authenticate(live))).toBe("key_unknown");
    expect(proofs).toBe(0);
  });

  it("is expired from the very moment, also while it is remembered", async () => {
    const expiresAt = new Date(time + 5_000);
    const { text: brief } = await makeKey(expiresAt);
    time = expiresAt.getTime() - 1;
    await authenticate(brief);
    time += 1;
    expect(await codeOf(authenticate(brief))).toBe("key_expired");
    time += 120_000;
    expect(await codeOf(authenticate(brief))).toBe("key_expired");
  });

  it("is revoked only to whoever knows its secret", async () => {
    const { row, text: gone } = await makeKey();
    await revokeKey(database, tenant.id, row.id);
    expect(await codeOf(authenticate(gone))).toBe("key_revoked");
    expect(await codeOf(authenticate(guess(row.keyId)))).toBe("key_unknown");
  });

  it("is not remembered as refused when Postgres could not be asked", async () => {
    const lost = openDatabase({ url: "postgres://nobody@127.0.0.1:1/none", poolSize: 1, applicationName: "test" });
    const cutOff = createAuthenticator({ database: lost, hasher });
    await expect(cutOff.authenticate(text, "192.0.2.1")).rejects.not.toBeInstanceOf(Refusal);
    await expect(cutOff.authenticate(text, "192.0.2.1")).rejects.not.toBeInstanceOf(Refusal);
    await lost.$disconnect();
  });
});

describe("a key marked as revoked", () => {
  it("is refused at once although it is remembered", async () => {
    await authenticate(text);
    authenticator.markRevoked([key.id]);
    expect(await codeOf(authenticate(text))).toBe("key_revoked");
  });

  it("is refused although it was read before and is still being proven", async () => {
    beforeProof = async () => authenticator.markRevoked([key.id]);
    expect(await codeOf(authenticate(text))).toBe("key_revoked");
  });
});

describe("guessing", () => {
  it("is stopped for an address after ten failures a minute, but not for others", async () => {
    for (let n = 0; n < 10; n += 1) {
      const wrong = n % 2 ? guess(key.keyId) : generateKey("live").text;
      expect(await codeOf(authenticate(wrong, "198.51.100.1"))).toBe("key_unknown");
    }
    await expect(authenticate(generateKey("live").text, "198.51.100.1")).rejects.toMatchObject({
      code: "rate_limited",
      retryAfterSeconds: 60,
    });
    expect(await codeOf(authenticate(generateKey("live").text, "198.51.100.2"))).toBe("key_unknown");
    time += 60_000;
    expect(await codeOf(authenticate(generateKey("live").text, "198.51.100.1"))).toBe("key_unknown");
  });

  it("does not count a wrong key that is merely repeated", async () => {
    const wrong = generateKey("live").text;
    for (let n = 0; n < 20; n += 1) await codeOf(authenticate(wrong, "198.51.100.3"));
    await authenticate(text, "198.51.100.3");
  });

  it("of one key id costs at most thirty bcrypts a minute, from however many addresses and however much at once", async () => {
    const guesses = Array.from({ length: 60 }, (_, n) => codeOf(authenticate(guess(key.keyId), `2001:db8::${n}`)));
    const codes = await Promise.all(guesses);
    expect(codes.filter((code) => code === "key_unknown")).toHaveLength(30);
    expect(codes.filter((code) => code === "rate_limited")).toHaveLength(30);
    expect(proofs).toBe(30);
  });

  it("does not keep out a key that was good before, even from the same address", async () => {
    await authenticate(text, "198.51.100.4");
    time += 59_999;
    for (let n = 0; n < 10; n += 1) await codeOf(authenticate(generateKey("live").text, "198.51.100.4"));
    await Promise.all(Array.from({ length: 60 }, (_, n) => codeOf(authenticate(guess(key.keyId), `2001:db8::${n}`))));
    await authenticate(text, "198.51.100.4");
    time += 1;
    await authenticate(text, "198.51.100.4");
  });

  it("is not what it counts as when too many keys are being checked", async () => {
    beforeProof = () => Promise.reject(new Refusal("overloaded", "Too many."));
    for (let n = 0; n < 40; n += 1) expect(await codeOf(authenticate(text))).toBe("overloaded");
    beforeProof = async () => {};
    await authenticate(text);
  });
});
