import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { type ProcessUrls, readSystemStatus } from "./read-system-status";

/** All three processes in one, answering as told. */
async function serveAll(listener: RequestListener): Promise<ProcessUrls> {
  const server = createServer(listener);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { api: url, consumer: url, worker: url };
}

test("asks all processes at once", async () => {
  const waiting: (() => void)[] = [];
  const urls = await serveAll((_request, response) => {
    waiting.push(() => response.end(JSON.stringify({ checks: {} })));
    if (waiting.length === 3) for (const answer of waiting) answer();
  });

  const { processes } = await readSystemStatus(urls);

  expect(processes.map(({ state }) => state)).toEqual(["ok", "ok", "ok"]);
});

test("a process that stays silent fails after the time it was given", async () => {
  const urls = await serveAll(() => {});

  const { processes } = await readSystemStatus(urls, 100);

  expect(processes.map(({ reason }) => reason)).toEqual(Array(3).fill("no answer in 0.1 s"));
});
