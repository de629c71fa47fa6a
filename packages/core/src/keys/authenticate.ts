import { hash } from "node:crypto";
import type { Database } from "@tidings/db/client";
import { Refusal, type RefusalCode } from "@tidings/shared/refusals";
import type { Scope } from "@tidings/shared/scopes";
import { LRUCache } from "lru-cache";
import type { RequestLimitFacts } from "../limits/limits-in-force";
import type { Owner } from "../owner";
import { createFailureLimit } from "./failure-limit";
import { type KeyParts, parseKey } from "./key-format";
import type { SecretHasher } from "./secret-hasher";

/** Who a request comes from, and what limits its tenant's requests. */
export interface Principal extends Owner, RequestLimitFacts {
  /** UUID of the key's row. */
  keyId: string;
  scopes: ReadonlySet<Scope>;
}

export interface Authenticator {
  /**
   * Who a key stands for. Answers at once when this process has seen the key within the last minute, and costs about a microsecond then.
   * @param keyText the key as the caller sent it
   * @param clientAddress whose failures are counted together
   * @throws {Refusal} thrown or rejected: `key_malformed`, `key_unknown` (also for a wrong secret), `key_revoked`, `key_expired`,
   * `rate_limited` after too many failures, `overloaded` when too many keys are being checked
   */
  authenticate(keyText: string, clientAddress: string): Principal | Promise<Principal>;
  /** From here on these keys (UUIDs) are refused, whatever is remembered or just being read of them. See `watchRevocations`. */
  markRevoked(keyIds: Iterable<string>): void;
}

export interface AuthenticatorDeps {
  database: Database;
  hasher: SecretHasher;
  /** Told of every use of a good key, with the time; see `createKeyTouches`. */
  onUse?(keyId: string, atMs: number): void;
  now?: () => number;
}

/** A key whose secret was proven. */
interface KnownKey {
  principal: Principal;
  /** The hash it was proven against. While the row has the same, reading it again needs no bcrypt. */
  secretHash: string;
  expiresAt: number;
  /** Until when the row need not be read again. */
  freshUntil: number;
}

const freshMs = 60_000;
const refusedMs = 30_000;
const failuresMs = 60_000;
/** Of good keys; each costs about 600 bytes. */
const maxKnown = 20_000;
const maxRefused = 10_000;

const refusalMessages = {
  key_malformed: "The API key is incomplete or mistyped: its checksum does not match.",
  key_unknown: "The API key is not known.",
  key_revoked: "The API key has been revoked.",
  key_expired: "The API key has expired.",
} as const satisfies Partial<Record<RefusalCode, string>>;
type KeyRefusalCode = keyof typeof refusalMessages;

/**
 * Checks API keys against Postgres and remembers what it found, in bounded memory: good keys by SHA-256 of their text for a minute,
 * refused ones for half. bcrypt runs only for a key id that exists, once for however many requests wait for the same key,
 * and after 30 failures a minute of one key id, or 10 of one address, not at all. The first bound is higher, so that nobody alone
 * can keep a key's owner out by guessing; and a key that was good keeps working whoever guesses.
 */
export function createAuthenticator({ database, hasher, onUse, now = Date.now }: AuthenticatorDeps): Authenticator {
  const known = new LRUCache<string, KnownKey>({ max: maxKnown });
  const refused = new LRUCache<string, { code: KeyRefusalCode; until: number }>({ max: maxRefused });
  const revoked = new LRUCache<string, true>({ max: maxRefused });
  const checking = new Map<string, Promise<KnownKey>>();
  const keyFailures = createFailureLimit({
    most: 30,
    windowMs: failuresMs,
    message: "Too many wrong secrets were tried with this API key's id.",
    now,
  });
  const addressFailures = createFailureLimit({
    most: 10,
    windowMs: failuresMs,
    message: "Too many wrong API keys came from this address.",
    now,
  });

  function admit({ principal, expiresAt }: KnownKey): Principal {
    if (revoked.has(principal.keyId)) throw refusal("key_revoked");
    const time = now();
    if (time >= expiresAt) throw refusal("key_expired");
    onUse?.(principal.keyId, time);
    return principal;
  }

  /** Reads the key's row, and proves the secret unless that was done before. */
  async function check(key: KeyParts, clientAddress: string, before: KnownKey | undefined): Promise<KnownKey> {
    if (!before) addressFailures.check(clientAddress);
    const row = await findKey(database, key.keyId);
    if (row?.mode !== key.mode) {
      addressFailures.count(clientAddress);
      throw refusal("key_unknown");
    }
    if (row.secretHash !== before?.secretHash) await prove(key, row.secretHash, clientAddress);
    if (row.revokedAt) throw refusal("key_revoked");
    return {
      principal: {
        tenantId: row.tenantId,
        keyId: row.id,
        mode: key.mode,
        scopes: new Set(row.scopes as Scope[]),
        ...row.tenant,
      },
      secretHash: row.secretHash,
      expiresAt: row.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
      freshUntil: now() + freshMs,
    };
  }

  async function prove({ keyId, secret }: KeyParts, secretHash: string, clientAddress: string): Promise<void> {
    keyFailures.check(keyId);
    keyFailures.count(keyId); // before it has failed, so that guesses made at once are counted too
    let proven = true; // unless found otherwise: an error is nobody's wrong guess
    try {
      proven = await hasher.verify(secret, secretHash);
    } finally {
      if (proven) keyFailures.forgive(keyId);
    }
    if (proven) return;
    addressFailures.count(clientAddress);
    throw refusal("key_unknown");
  }

  async function checkOnce(digest: string, key: KeyParts, clientAddress: string): Promise<KnownKey> {
    try {
      const found = await check(key, clientAddress, known.get(digest));
      known.set(digest, found);
      return found;
    } catch (error) {
      const code = error instanceof Refusal ? error.code : undefined;
      if (code === "key_unknown" || code === "key_revoked") {
        known.delete(digest);
        refused.set(digest, { code, until: now() + refusedMs });
      }
      throw error;
    } finally {
      checking.delete(digest);
    }
  }

  return {
    authenticate(keyText, clientAddress) {
      const digest = hash("sha256", keyText, "base64");
      const found = known.get(digest);
      if (found && now() < found.freshUntil) return admit(found);

      const no = refused.get(digest);
      if (no && now() < no.until) throw refusal(no.code);
      const key = parseKey(keyText);
      if (!key) throw refusal("key_malformed");
      let pending = checking.get(digest);
      if (!pending) {
        pending = checkOnce(digest, key, clientAddress);
        checking.set(digest, pending);
      }
      return pending.then(admit);
    },
    markRevoked(keyIds) {
      for (const keyId of keyIds) revoked.set(keyId, true);
    },
  };
}

/** The one query that names no tenant: the key is what tells it. */
function findKey(database: Database, keyId: string) {
  return database.apiKey.findUnique({
    where: { keyId },
    include: { tenant: { select: { plan: true, requestsPerSecond: true, ownRequestsPerSecond: true } } },
  });
}

function refusal(code: KeyRefusalCode): Refusal {
  return new Refusal(code, refusalMessages[code]);
}
