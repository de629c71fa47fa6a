import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripeEnv } from "@tidings/core/billing/stripe-env";
import { type PlatformAccount, platformAccounts } from "@tidings/core/providers/accounts/platform-accounts";
import { sealerEnv } from "@tidings/core/secrets/sealer-env";
import { pipelineEnv, publicUrlSetting, requestsPerSecondSetting } from "@tidings/runtime/pipeline-env";
import { EnvError, readEnv } from "@tidings/runtime/read-env";
import { z } from "zod";

type Variables = Readonly<Record<string, string | undefined>>;

/** Settings, each read when a command asks for it, so that none must be set for nothing. All throw {@link EnvError}. */
export interface OperatorSettings {
  databaseUrl(): string;
  redisUrl(): string;
  /** 32 bytes. */
  platformSecret(): Buffer;
  /** Those before the current one, 32 bytes each. */
  previousSecrets(): Buffer[];
  namespace(): string;
  /** The platform's default of a tenant's requests a second. */
  requestsPerSecond(): number;
  migrationsDirectory(): string;
  /** The API's address as the internet sees it. */
  publicUrl(): string;
  /** The platform's provider accounts, and those built in. */
  platformAccounts(): PlatformAccount[];
  /** Where plans are sold; without a key, nowhere. */
  stripe(): { secretKey?: string | undefined; apiUrl?: string | undefined };
}

/** The same path seen from this file's folder and from a bundle's. */
const migrationsInRepository = fileURLToPath(new URL("../../../packages/db/prisma/migrations", import.meta.url));
const migrationsDirectory = z
  .string()
  .default(migrationsInRepository)
  .meta({ description: "The folder of the migrations", example: "/app/packages/db/prisma/migrations" });

/** What the other processes may do without, and a command that tells of it may not. */
const neededPublicUrl = publicUrlSetting.unwrap().meta({ ...publicUrlSetting.meta() });
const neededPlatformAccounts = platformAccounts.unwrap().meta({ ...platformAccounts.meta() });

/** What `npm start` leaves in its folder. */
const keptVariables: ReadonlySet<string> = new Set(["DATABASE_URL", "REDIS_URL", "TIDINGS_SECRET"]);

/**
 * Settings from the environment; without a `DATABASE_URL` there, those of the Tidings that `npm start` runs here.
 * The two are never mixed: keys made with one installation's secret are worth nothing in another's database.
 * @param stateDirectory where `npm start` leaves `connection.json` and `secret`
 */
export function readOperatorSettings(
  environment: Variables = process.env,
  stateDirectory = ".tidings",
): OperatorSettings {
  const isOurs = !environment.DATABASE_URL;
  let variables: Variables | undefined;

  function read<Schema extends z.ZodType>(name: string, schema: Schema): z.output<Schema> {
    variables ??= isOurs ? { ...environment, ...readStateDirectory(stateDirectory) } : environment;
    try {
      return readEnv(z.object({ [name]: schema }), variables)[name] as z.output<Schema>;
    } catch (error) {
      if (!(error instanceof EnvError) || !isOurs || variables[name] || !keptVariables.has(name)) throw error;
      const hint = `Or run this where \`npm start\` has been run: there is nothing of it in ${stateDirectory} here.`;
      throw new EnvError(`${error.message}\n${hint}`, error.variables);
    }
  }

  return {
    databaseUrl: () => read("DATABASE_URL", pipelineEnv.shape.DATABASE_URL),
    redisUrl: () => read("REDIS_URL", pipelineEnv.shape.REDIS_URL),
    previousSecrets: () => read("TIDINGS_PREVIOUS_SECRETS", sealerEnv.TIDINGS_PREVIOUS_SECRETS),
    platformSecret: () => read("TIDINGS_SECRET", sealerEnv.TIDINGS_SECRET),
    namespace: () => read("TIDINGS_NAMESPACE", pipelineEnv.shape.TIDINGS_NAMESPACE),
    requestsPerSecond: () => read("REQUESTS_PER_SECOND", requestsPerSecondSetting),
    migrationsDirectory: () => read("MIGRATIONS_DIR", migrationsDirectory),
    publicUrl: () => read("PUBLIC_URL", neededPublicUrl),
    platformAccounts: () => read("PROVIDER_ACCOUNTS", neededPlatformAccounts),
    stripe: () => ({
      secretKey: read("STRIPE_SECRET_KEY", stripeEnv.STRIPE_SECRET_KEY),
      apiUrl: read("STRIPE_API_URL", stripeEnv.STRIPE_API_URL),
    }),
  };
}

const connectionFile = z.object({ databaseUrl: z.string(), redisUrl: z.string() });

function readStateDirectory(directory: string): Variables {
  const file = join(directory, "connection.json");
  const text = readIfThere(file);
  if (text === undefined) return {};
  let connection: z.output<typeof connectionFile>;
  try {
    connection = connectionFile.parse(JSON.parse(text));
  } catch {
    throw new EnvError(`${file} is damaged. \`npm start\` writes it anew.`, []);
  }
  return {
    DATABASE_URL: connection.databaseUrl,
    REDIS_URL: connection.redisUrl,
    TIDINGS_SECRET: readIfThere(join(directory, "secret"))?.trim(),
  };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
