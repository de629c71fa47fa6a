import { createHmac } from "node:crypto";
import { Worker } from "node:worker_threads";
import { resolveModule } from "@tidings/runtime/resolve-module";
import { Refusal } from "@tidings/shared/refusals";

/** Hashes and checks secrets, of API keys and of people, in a thread of its own. */
export interface SecretHasher {
  /** @returns what is stored: 60 characters of bcrypt */
  hash(secret: string): Promise<string>;
  verify(secret: string, storedHash: string): Promise<boolean>;
  /** Ends the thread. What is still waiting is rejected. */
  close(): Promise<void>;
}

export interface SecretHasherOptions {
  /** See `keyPepper`. */
  pepper: Uint8Array;
  /** Those of platform secrets before the current one: what was hashed with them is still known. */
  previousPeppers?: readonly Uint8Array[];
  /** bcrypt's cost; see `keyCost` and `passwordCost`. */
  cost?: number;
  /** Most secrets waiting for the thread at once; 256 wait about four seconds. */
  maxWaiting?: number;
}

/** 2^8 rounds, 11 to 14 ms on a server's core. A secret of 256 bits needs no slow hash; a stolen table deserves one. */
const keyCost = 8;
/** For what people think of: 2^12 rounds, some 200 ms ({@link https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html OWASP} asks for 2^10 or more). */
export const passwordCost = 12;

interface Job {
  digest: string;
  storedHash?: string;
}
type Answer = { id: number; result: string | boolean } | { id: number; failure: string };

// Text, because a worker's own file would have to be found both beside the source and beside a bundle.
const workerSource = `
const { parentPort, workerData } = require("node:worker_threads");
const bcrypt = require(workerData.bcryptPath);
parentPort.on("message", ({ id, digest, storedHash }) => {
  try {
    const result = storedHash === undefined ? bcrypt.hashSync(digest, workerData.cost) : bcrypt.compareSync(digest, storedHash);
    parentPort.postMessage({ id, result });
  } catch (error) {
    parentPort.postMessage({ id, failure: String(error) });
  }
});`;

/**
 * bcrypt of base64(HMAC-SHA256(pepper, secret)): 44 characters, well under the 72 that bcrypt reads. One worker thread does it,
 * so that neither the event loop nor libuv's pool, which Postgres' name lookups and files share, waits for it.
 * The thread starts with the first secret, and anew should it ever die.
 * @throws {Refusal} `overloaded`, from `hash` and `verify`, when too many secrets wait
 */
export function createSecretHasher({
  pepper,
  previousPeppers = [],
  cost = keyCost,
  maxWaiting = 256,
}: SecretHasherOptions): SecretHasher {
  const waiting = new Map<number, { resolve(result: string | boolean): void; reject(error: Error): void }>();
  let worker: Worker | undefined;
  let lastId = 0;

  function start(): Worker {
    const workerData = { bcryptPath: resolveModule("bcrypt"), cost };
    const started = new Worker(workerSource, { eval: true, workerData, execArgv: [], name: "tidings-bcrypt" });
    let cause: unknown;
    started.on("message", (answer: Answer) => {
      const job = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ("failure" in answer) job?.reject(new Error(`bcrypt failed: ${answer.failure}`));
      else job?.resolve(answer.result);
    });
    started.on("error", (error) => {
      cause = error;
    });
    started.on("exit", () => {
      worker = undefined;
      const error = new Error("the bcrypt thread ended", { cause });
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    });
    return started;
  }

  function run(job: Job): Promise<string | boolean> {
    if (waiting.size >= maxWaiting) {
      const message = "Too many secrets are being checked at once.";
      return Promise.reject(new Refusal("overloaded", message, { retryAfterSeconds: 1 }));
    }
    worker ??= start();
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker?.postMessage({ id, ...job });
    });
  }

  const digestOf = (secret: string, key = pepper) => createHmac("sha256", key).update(secret).digest("base64");

  async function verify(secret: string, storedHash: string): Promise<boolean> {
    for (const key of [pepper, ...previousPeppers]) {
      if ((await run({ digest: digestOf(secret, key), storedHash })) === true) return true;
    }
    return false;
  }

  return {
    hash: async (secret) => String(await run({ digest: digestOf(secret) })),
    verify,
    close: async () => {
      await worker?.terminate();
    },
  };
}
