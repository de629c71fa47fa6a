import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";

/** The one logger: JSON lines with ids in them, never addresses, contents or credentials. */
export type Logger = PinoLogger;

export const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

export interface LoggerOptions {
  /** The process, as in `tidings-api`; the `name` of every line. */
  name: string;
  level: (typeof logLevels)[number];
  /** Where lines go; stdout unless told. */
  destination?: DestinationStream;
}

/** What stands under these keys is never written, however deep. Numbers and booleans are: they are counts, not contents. */
const secretKeys = [
  "address addresses email phone to from deviceToken deviceTokens chatUrl",
  "content html text subject body data variables value",
  "apiKey authorization authToken config cookie credentials headers password privateKey secret signingSecret token",
].flatMap((line) => line.split(" "));

/** Addresses inside words not our own, such as an SMTP server's, and the credentials of a URL. */
const secretText = /[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}|\+\d{7,15}\b|(?<=:\/\/)[^\s/@"]+(?=@)/gi;

const censored = "[redacted]";
const deepest = 6;

/**
 * A logger of JSON lines, synchronous, so that the last words of a process are written too.
 * An Error keeps its type, message, code, stack and causes, and nothing else it may carry.
 */
export function createLogger({ name, level, destination }: LoggerOptions): Logger {
  return pino(
    {
      name,
      level,
      redact: { paths: secretKeys, censor }, // fields of the line and of child loggers
      formatters: { log: (fields) => redactFields(fields, 0) }, // what is deeper, for a fiftieth of what pino's wildcards cost
      serializers: { err: (err: unknown) => (err instanceof Error ? describeError(err, 0) : err) },
      hooks: { streamWrite: (line) => line.replace(secretText, censored) },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

const secretKeySet: ReadonlySet<string> = new Set(secretKeys);

function censor(value: unknown): unknown {
  return typeof value === "number" || typeof value === "boolean" || value == null ? value : censored;
}

function redactFields(fields: object, depth: number): Record<string, unknown> {
  const redacted: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    redacted[key] = secretKeySet.has(key) ? censor(value) : redactValue(value, depth + 1);
  }
  return redacted;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > deepest) return "[deeper]";
  if (value instanceof Error) return describeError(value, depth);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  if ("toJSON" in value && typeof value.toJSON === "function") return redactValue(value.toJSON(), depth + 1);
  return redactFields(value, depth);
}

function describeError(error: Error, depth: number): Record<string, unknown> {
  const described: Record<string, unknown> = { type: error.name, message: error.message, stack: error.stack };
  if ("code" in error) described.code = error.code;
  if (error.cause !== undefined) described.cause = redactValue(error.cause, depth + 1);
  if (error instanceof AggregateError) described.errors = redactValue(error.errors, depth + 1);
  return described;
}
