import { createServer } from "node:net";

/** Where everything listens unless a flag or the environment says otherwise. */
export const defaultPorts = {
  api: 4000,
  web: 3000,
  mailbox: 8025,
  mailboxSmtp: 1025,
  consumerHealth: 4001,
  workerHealth: 4002,
  postgres: 15432,
  redis: 16379,
  kafka: 19092,
  kafkaController: 19093,
};

/** @typedef {keyof typeof defaultPorts} PortName */
/** @typedef {Record<PortName, number>} Ports */

/** Ports given out by this process, so that two askers never get the same one before either listens. @type {Set<number>} */
const givenOut = new Set();

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
    if (givenOut.has(port) || !(await isFree(port))) continue;
    givenOut.add(port);
    return port;
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
    if (asked !== undefined && !(await isFree(asked)))
      throw new Error(`Port ${asked} (${name}) is in use. Stop what listens there, or choose another port.`);
    let port = asked ?? defaultPorts[name];
    while (givenOut.has(port) || !(await isFree(port))) port += 1;
    if (asked === undefined && port !== defaultPorts[name])
      onProgress(`port ${defaultPorts[name]} (${name}) is taken, using ${port}`);
    givenOut.add(port);
    ports[name] = port;
  }
  return ports;
}
