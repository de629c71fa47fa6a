import { createHash } from "node:crypto";
import { Command } from "ioredis";
import type { Redis } from "./redis";

/**
 * A Lua script as a function. Sent by its hash; the text follows only when the server does not know it.
 * Answers come as Buffers, so that binary values survive.
 */
export function defineScript(lua: string) {
  const sha = createHash("sha1").update(lua).digest("hex");
  return async function runScript(redis: Redis, keys: string[], args: (string | number | Buffer)[]): Promise<unknown> {
    const send = (name: string, script: string) =>
      redis.sendCommand(new Command(name, [script, keys.length, ...keys, ...args], { replyEncoding: null }));
    try {
      return await send("EVALSHA", sha);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
      return await send("EVAL", lua);
    }
  };
}
