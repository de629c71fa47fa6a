/** `npm start` and `npm run dev`: everything, from nothing installed to a message in the mailbox. */
import { resolve } from "node:path";
import util from "node:util"; // by name, parseArgs would keep an older Node from even telling that it is too old
import { repository, requireNode } from "./packages.mjs";
import { giveUp, say } from "./say.mjs";
import { defaultPorts } from "./services/ports.mjs";
import { startStack } from "./stack.mjs";

/** @typedef {import("./services/ports.mjs").PortName} PortName */

const portNames = /** @type {PortName[]} */ (Object.keys(defaultPorts));
const words = (/** @type {string} */ name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const flagOf = (/** @type {PortName} */ name) => `${words(name)}-port`;
const variableOf = (/** @type {PortName} */ name) => flagOf(name).replaceAll("-", "_").toUpperCase();

const help = `npm start -- [options]      everything, as built
npm run dev -- [options]    everything, from the sources, reloading

  --dir DIR                 where data, keys and logs are kept (default .tidings)
  --event-log kafka|redis   forces the event log; else Kafka where Java 17 and Maven are found
${portNames.map((name) => `  --${flagOf(name).padEnd(26)}or ${variableOf(name)} (default ${defaultPorts[name]})`).join("\n")}
  --help

Also from the environment: KAFKA_BROKERS for a Kafka of your own, PROVIDER_ACCOUNTS for real providers, LOG_LEVEL.`;

/** @returns {Parameters<typeof startStack>[0] | null} null when only help was asked for */
function readOptions() {
  const { values } = util.parseArgs({
    options: {
      dir: { type: "string", default: ".tidings" },
      "event-log": { type: "string" },
      watch: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      ...Object.fromEntries(portNames.map((name) => [flagOf(name), { type: /** @type {const} */ ("string") }])),
    },
  });
  if (values.help) return null;
  const eventLog = values["event-log"];
  if (eventLog !== undefined && eventLog !== "kafka" && eventLog !== "redis")
    throw new Error(`--event-log is kafka or redis, not ${eventLog}`);
  /** @type {Partial<Record<PortName, number>>} */
  const ports = {};
  for (const name of portNames) {
    const text = /** @type {Record<string, unknown>} */ (values)[flagOf(name)] ?? process.env[variableOf(name)];
    if (text === undefined || text === "") continue;
    const port = Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`--${flagOf(name)} is no port: ${text}`);
    ports[name] = port;
  }
  return {
    dir: resolve(repository, String(values.dir)),
    ports,
    eventLog,
    isWatching: Boolean(values.watch),
    onProgress: say,
  };
}

try {
  requireNode();
  const options = readOptions();
  if (!options) {
    console.log(help);
    process.exit(0);
  }

  /** @type {import("./stack.mjs").Stack | undefined} */
  let stack;
  let stoppedAt = 0;
  const onSignal = async () => {
    // npm passes on the signal that the terminal has sent us as well: only a later one is a second wish.
    if (stoppedAt && Date.now() - stoppedAt < 1_000) return;
    if (stoppedAt || !stack) process.exit(130);
    stoppedAt = Date.now();
    say("stopping; again to stop at once");
    await stack.stop();
    say("stopped");
    process.exit(0);
  };
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, onSignal);

  stack = await startStack(options);
  const { apiUrl, consoleUrl, mailboxUrl, liveKey, testKey, login, eventLog } = stack.connection;
  say("Tidings is running");
  console.log(`
  API        ${apiUrl}   (reference: ${apiUrl}/docs)
  Console    ${consoleUrl}
  Login      ${login.email} / ${login.password ?? "the password you chose"}
  Mailbox    ${mailboxUrl}
  Live key   ${liveKey}
  Test key   ${testKey}
  Event log  ${eventLog === "kafka" ? "Kafka" : "Redis Streams"}
  Logs       ${options.dir}/logs

Send a first message, then look into the mailbox:

  curl -X POST ${apiUrl}/v1/notifications -H 'content-type: application/json' -H 'x-api-key: ${liveKey}' \\
    -d '{"channel":"email","recipient":{"email":"ann@example.com"},"content":{"subject":"Hello","html":"<h1>Welcome</h1>"}}'

Ctrl-C stops everything.`);
} catch (error) {
  giveUp(error);
}
