import type { Logger } from "../logger";
import { within } from "../within";

interface KafkaClient {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}

export interface KafkaLink<Client> {
  /** @throws {Error} what `action` threw, or that it took longer than `timeoutMs` */
  use<Result>(timeoutMs: number, action: (client: Client) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/**
 * A kafkajs producer or admin that connects when it is needed. One that failed is replaced: a new one knows nothing
 * stale, and nothing of an attempt that was given up comes in late.
 */
export function createKafkaLink<Client extends KafkaClient>(create: () => Client, logger: Logger): KafkaLink<Client> {
  let current: Promise<Client> | undefined;

  async function connect(): Promise<Client> {
    const client = create();
    try {
      await client.connect();
      return client;
    } catch (err) {
      discard(client);
      throw err;
    }
  }

  function discard(client: Client): void {
    client.disconnect().catch((err) => logger.debug({ err }, "kafka client did not disconnect"));
  }

  return {
    async use(timeoutMs, action) {
      current ??= connect();
      const mine = current;
      try {
        return await within(timeoutMs, mine.then(action));
      } catch (err) {
        if (current === mine) {
          current = undefined;
          mine.then(discard, () => undefined); // its failure to connect is `err`
        }
        throw err;
      }
    },
    async close() {
      const last = current;
      current = undefined;
      await last?.then((client) => client.disconnect());
    },
  };
}
