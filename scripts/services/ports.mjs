import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claim, release } from "./alive.mjs";

/** Where everything listens unless a flag or the environment says otherwise. */
export const defaultPorts = {
  api: 4000,
  web: 3000,
  mailbox: 8025,
  mailboxSmtp: 1025,
  consumerHealth: 4001,
  workerHealth: 4002,
  urgentWorkerHealth: 4003,
  postgres: 15432,
  redis: 16379,
  kafka: 19092,
  kafkaController: 19093,
};

/** @typedef {keyof typeof defaultPorts} PortName */
/** @typedef {Record<PortName, number>} Ports */

/** A file for each port that a living process of this user has settled on, whether or not it listens there already. */
const claims = join(tmpdir(), `tidings-ports-${process.getuid?.() ?? "user"}`);

/**
 * Has two that start at once never settle on the same port.
 * @param {number} port
 * @returns {boolean} false when a living process has it, this one included
 */
function claimPort(port) {
  return claim(join(claims, String(port))) === null;
}

/**
 * Gives back what `settlePorts` settled, before this process ends.
 * @param {Iterable<number>} ports
 */
export function releasePorts(ports) {
  for (const port of ports) release(join(claims, String(port)));
}

/**
 * Whether nothing listens on `port`, neither on loopback nor on all interfaces.
 * @param {number} port
 */
async function isFree(port) {
  for (const host of ["127.0.0.1", "0.0.0.0"]) {
    const free = await new Promise((resolve) => {
      const server = createServer();
      server.once("error", () => resolve(false));
      server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
    });
    if (!free) return false;
  }
  return true;
}

/**
 * A free port below those the kernel gives to outgoing connections, so that none of these takes it meanwhile.
 * @returns {Promise<number>} in [20000, 32000)
 */
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if ((await isFree(port)) && claimPort(port)) return port;
  }
}

/**
 * Settles every named port: one that was asked for must be free, a default that is taken moves on to the next free one and says so.
 * @param {readonly PortName[]} names
 * @param {Partial<Ports>} wanted ports asked for by flag or environment
 * @param {(message: string) => void} onProgress
 * @returns {Promise<Ports>} the named ones settled, the others at their default
 * @throws {Error} a sentence for people, when a port that was asked for is taken
 */
export async function settlePorts(names, wanted, onProgress) {
  const ports = { ...defaultPorts };
  for (const name of names) {
    const asked = wanted[name];
    let port = asked ?? defaultPorts[name];
    while (!(await isFree(port)) || !claimPort(port)) {
      if (asked !== undefined)
        throw new Error(`Port ${asked} (${name}) is in use. Stop what listens there, or choose another port.`);
      port += 1;
    }
    if (asked === undefined && port !== defaultPorts[name])
      onProgress(`port ${defaultPorts[name]} (${name}) is taken, using ${port}`);
    ports[name] = port;
  }
  return ports;
}
