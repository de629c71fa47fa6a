import { once } from "node:events";
import { Agent, createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { closeServer } from "./close-server";

it("ends although a client sends one request after the other on a connection it keeps", async () => {
  const server = createServer((_request, response) => setTimeout(() => response.end("done"), 10)).listen(0);
  await once(server, "listening");
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = () =>
    new Promise<boolean>((resolve) => {
      const request = get(url, { agent }, (response: IncomingMessage) =>
        response.resume().on("end", () => resolve(true)),
      );
      request.on("error", () => resolve(false));
    });
  const asking = (async () => {
    let answered = 0;
    while (await ask()) answered += 1;
    return answered;
  })();
  await ask();
  await closeServer(server);
  expect(await asking).toBeGreaterThan(0);
  agent.destroy();
});
