import { once } from "node:events";
import { connectStripe, type StripeClient } from "@tidings/core/billing/connect-stripe";
import { keyPepper, passwordPepper } from "@tidings/core/keys/pepper";
import { createSecretHasher, passwordCost, type SecretHasher } from "@tidings/core/keys/secret-hasher";
import { type LimitQueues, limitQueues } from "@tidings/core/limits/limit-queues";
import { createSealer, type Sealer } from "@tidings/core/secrets/sealer";
import { type Database, openDatabase } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { EnvError } from "@tidings/runtime/read-env";
import { connectRedisFailFast } from "@tidings/runtime/redis";
import type { OperatorSettings } from "./env";

/** What commands work with, opened when first asked for. */
export interface Connections {
  readonly settings: OperatorSettings;
  readonly logger: Logger;
  readonly database: Database;
  /** Of API keys. */
  readonly hasher: SecretHasher;
  /** Of people's passwords. */
  readonly passwords: SecretHasher;
  readonly sealer: Sealer;
  readonly stripe: StripeClient;
  /** Redis is given two seconds to answer; without it, limits are stored and take effect a little later. */
  limitQueues(): Promise<LimitQueues>;
  close(): Promise<void>;
}

export function openConnections(settings: OperatorSettings, logger: Logger): Connections {
  const closes: (() => unknown)[] = [];
  let database: Database | undefined;
  let hasher: SecretHasher | undefined;
  let passwords: SecretHasher | undefined;

  function openHasher(pepperOf: typeof keyPepper, cost?: number): SecretHasher {
    const created = createSecretHasher({
      pepper: pepperOf(settings.platformSecret()),
      previousPeppers: settings.previousSecrets().map(pepperOf),
      ...(cost !== undefined && { cost }),
    });
    closes.push(() => created.close());
    return created;
  }

  return {
    settings,
    logger,
    get database() {
      if (database) return database;
      const opened = openDatabase({ url: settings.databaseUrl(), poolSize: 2, applicationName: "tidings-operator" });
      closes.push(() => opened.$disconnect());
      database = opened;
      return opened;
    },
    get hasher() {
      hasher ??= openHasher(keyPepper);
      return hasher;
    },
    get passwords() {
      passwords ??= openHasher(passwordPepper, passwordCost);
      return passwords;
    },
    get sealer() {
      return createSealer([settings.platformSecret(), ...settings.previousSecrets()]);
    },
    get stripe() {
      const { secretKey, apiUrl } = settings.stripe();
      const client = connectStripe({ STRIPE_SECRET_KEY: secretKey, STRIPE_API_URL: apiUrl });
      if (client) return client;
      throw new EnvError("STRIPE_SECRET_KEY is not set: give the secret key of the Stripe account.", [
        "STRIPE_SECRET_KEY",
      ]);
    },
    async limitQueues() {
      const redis = connectRedisFailFast(settings.redisUrl(), (err) => logger.debug({ err }, "redis"));
      closes.push(() => redis.disconnect());
      await once(redis, "ready").catch((err: unknown) => logger.warn({ err }, "Redis does not answer"));
      return limitQueues({ redis, namespace: settings.namespace() });
    },
    async close() {
      await Promise.all(closes.map((close) => close()));
    },
  };
}
