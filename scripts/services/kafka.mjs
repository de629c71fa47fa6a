import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { findCommand, mustRun, run } from "./command.mjs";
import { accepts, supervise } from "./supervise.mjs";

const VERSION = "4.3.0";
const OLDEST_JAVA = 17;
/** Jars are shared by every clone of this user. */
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tidings", `kafka-${VERSION}`);

const pom = `<project>
  <modelVersion>4.0.0</modelVersion><groupId>tidings</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${VERSION}</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.25.4</version></dependency>
  </dependencies>
</project>`;

/**
 * Whether Apache Kafka can run here: with Java, and with its jars or the Maven that fetches them.
 * @returns {Promise<{ missing: string } | { java: string }>} `missing` is a clause for people
 */
export async function findKafka() {
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, "bin", "java") : findCommand("java");
  if (!java || !existsSync(java)) return { missing: `Java ${OLDEST_JAVA} or newer was not found` };
  const { output } = await run(java, ["-version"]);
  const version = Number(/version "(?:1\.)?(\d+)/.exec(output)?.[1] ?? 0);
  if (version < OLDEST_JAVA) return { missing: `Java ${OLDEST_JAVA} or newer is needed and this is Java ${version}` };
  if (!existsSync(cache) && !findCommand("mvn")) return { missing: "Maven, which fetches Kafka, was not found" };
  return { java };
}

/**
 * Starts a single Apache Kafka in KRaft mode; fetches it and formats its storage at the first start.
 * @param {object} options
 * @param {string} options.dir state directory
 * @param {number} options.port
 * @param {number} options.controllerPort
 * @param {string} options.java as `findKafka` found it
 * @param {(message: string) => void} options.onProgress
 * @returns {Promise<{ brokers: string, process: import("./supervise.mjs").Supervised }>}
 */
export async function startKafka({ dir, port, controllerPort, java, onProgress }) {
  await fetchJars(onProgress);
  const home = resolve(dir, "kafka");
  const data = join(home, "data");
  const config = join(home, "server.properties");
  const logging = join(home, "log4j2.properties");
  mkdirSync(home, { recursive: true });
  writeFileSync(config, properties(serverSettings({ data, port, controllerPort })));
  writeFileSync(logging, properties(logSettings));

  const classpath = ["-cp", join(cache, "*"), `-Dlog4j2.configurationFile=${logging}`];
  const small = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
  if (!existsSync(data)) await format({ java, args: [...small, ...classpath], data, home });

  const server = supervise({
    name: "kafka",
    dir,
    command: java,
    args: ["-Xms128m", "-Xmx400m", ...small, ...classpath, "kafka.Kafka", config],
    // The broker opens this port last, when it has joined its own cluster.
    isReady: () => accepts(port),
    stopWithinMs: 20_000,
    onProgress,
  });
  await server.start();
  return { brokers: `127.0.0.1:${port}`, process: server };
}

/**
 * Has Maven put Kafka's jars into the cache, whole or not at all.
 * @param {(message: string) => void} onProgress
 */
async function fetchJars(onProgress) {
  if (existsSync(cache)) return;
  const mvn = findCommand("mvn");
  if (!mvn) throw new Error("Maven, which fetches Kafka, was not found");
  onProgress(`fetching Apache Kafka ${VERSION} with Maven (43 MB, once)`);
  mkdirSync(dirname(cache), { recursive: true });
  const draft = mkdtempSync(`${cache}-draft-`);
  try {
    writeFileSync(join(draft, "pom.xml"), pom);
    const goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory=jars"];
    await mustRun(mvn, ["-q", "-B", ...goal], { cwd: draft });
    if (!existsSync(cache)) renameSync(join(draft, "jars"), cache);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * Formats the storage under another name and moves it into place when that is done.
 * @param {{ java: string, args: string[], data: string, home: string }} options
 */
async function format({ java, args, data, home }) {
  const draft = join(home, "data.draft");
  const draftConfig = join(home, "format.properties");
  rmSync(draft, { recursive: true, force: true });
  writeFileSync(draftConfig, properties(serverSettings({ data: draft, port: 1, controllerPort: 2 })));
  const clusterId = randomUUID(); // never begins with a hyphen, as base64url may
  await mustRun(java, [...args, "kafka.tools.StorageTool", "format", "-t", clusterId, "-c", draftConfig]);
  rmSync(draftConfig);
  renameSync(draft, data);
}

/** @param {{ data: string, port: number, controllerPort: number }} options */
function serverSettings({ data, port, controllerPort }) {
  return {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${port}`,
    "controller.listener.names": "CONTROLLER",
    "log.dirs": data,
    "auto.create.topics.enable": false,
    "group.initial.rebalance.delay.ms": 0,
    // One broker: every replica count is one. Few internal partitions, since each costs files and start time.
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "log.retention.hours": 72,
  };
}

const logSettings = {
  status: "error",
  "appender.out.type": "Console",
  "appender.out.name": "out",
  "appender.out.layout.type": "PatternLayout",
  "appender.out.layout.pattern": "%d %p %m (%c)%n",
  "rootLogger.level": "warn",
  "rootLogger.appenderRef.out.ref": "out",
};

/** @param {Record<string, string | number | boolean>} settings */
function properties(settings) {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}
