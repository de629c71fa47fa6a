import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Cluster, Redis } from "ioredis";
import { freePort } from "../../../../scripts/services/ports.mjs";
import { startRedis } from "../../../../scripts/services/redis.mjs";
import { removeStateDir } from "../../../../scripts/services/state-dir.mjs";

const slots = 16_384;

/** A Redis Cluster of two nodes with half of the slots each, and a connection to it as BullMQ needs it. */
export async function startRedisCluster(): Promise<{ cluster: Cluster; stop(): Promise<void> }> {
  const nodes = await Promise.all([startNode(), startNode()]);
  const stop = async () => {
    for (const { process, dir } of nodes) {
      await process.stop();
      removeStateDir(dir);
    }
  };
  const clients = nodes.map(({ port }) => new Redis(port));
  try {
    for (const [index, client] of clients.entries()) {
      const [first, end] = [index, index + 1].map((part) => (part * slots) / nodes.length) as [number, number];
      await client.cluster("ADDSLOTSRANGE", first, end - 1);
    }
    const [first, other] = nodes as [Node, Node];
    await clients[0]?.call("CLUSTER", "MEET", "127.0.0.1", other.port, other.busPort);
    for (const client of clients) while (!(await isWhole(client))) await sleep(20);
    const cluster = new Cluster([{ host: "127.0.0.1", port: first.port }], {
      redisOptions: { maxRetriesPerRequest: null },
    });
    return {
      cluster,
      async stop() {
        cluster.disconnect();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    for (const client of clients) client.disconnect();
  }
}

type Node = Awaited<ReturnType<typeof startNode>>;

async function startNode() {
  const dir = await mkdtemp(join(tmpdir(), "tidings-cluster-"));
  const [port, busPort] = [await freePort(), await freePort()];
  const settings = { "cluster-enabled": "yes", "cluster-port": busPort, appendonly: "no" };
  return { dir, port, busPort, ...(await startRedis({ dir, port, settings, onProgress: () => {} })) };
}

async function isWhole(client: Redis): Promise<boolean> {
  return (await client.cluster("INFO")).includes("cluster_state:ok");
}
