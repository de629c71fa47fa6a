import { EnvError } from "@tidings/runtime/read-env";
import { env } from "../env";

/** Names the process, and ends it when a setting is wrong. */
export function start(): void {
  process.title = "tidings-web";
  try {
    env();
  } catch (err) {
    if (!(err instanceof EnvError)) throw err;
    process.stderr.write(`${err.message}\n`);
    process.exit(1);
  }
}
