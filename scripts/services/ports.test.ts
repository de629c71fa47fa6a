import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterEach, expect, it } from "vitest";
import { defaultPorts, freePort, releasePorts, settlePorts } from "./ports.mjs";

let server: Server | undefined;
afterEach(() => server?.close());

async function listenOn(port: number, host: string): Promise<void> {
  server = createServer().listen(port, host);
  await once(server, "listening");
}

it("moves on from a default port that is taken, and says so", async () => {
  const told: string[] = [];
  const port = (await settlePorts(["kafka"], {}, () => {})).kafka; // nobody listens there yet, but it is claimed
  const moved = (await settlePorts(["kafka"], {}, (message) => told.push(message))).kafka;
  expect(moved).toBeGreaterThan(port);
  releasePorts([port, moved]);
  expect(told).toEqual([`port ${defaultPorts.kafka} (kafka) is taken, using ${moved}`]);
});

it.each(["127.0.0.1", "0.0.0.0"])("refuses a port that was asked for and is taken on %s", async (host) => {
  const port = await freePort();
  await listenOn(port, host);
  await expect(settlePorts(["api"], { api: port }, () => {})).rejects.toThrow(`Port ${port} (api) is in use.`);
});

it("gives out no port twice", async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, freePort));
  expect(new Set(ports).size).toBe(50);
  releasePorts(ports);
});
