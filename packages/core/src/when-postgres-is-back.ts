import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "@tidings/runtime/logger";
import { isUnavailable } from "./postgres-errors";

const retryMs = 500;

/** Does work with Postgres, again while it is away, for as long as that takes. @throws what else `work` throws */
export async function whenPostgresIsBack<Result>(logger: Logger, work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (err) {
      if (!isUnavailable(err)) throw err;
      logger.warn({ err, tries }, "outcomes wait for Postgres");
      await sleep(retryMs);
    }
  }
}
