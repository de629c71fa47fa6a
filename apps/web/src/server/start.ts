import { EnvError } from "@tidings/runtime/read-env";
import { env } from "../env";
import { rememberPeers } from "./auth/peer-address";

/** Names the process, ends it when a setting is wrong, and has requests know whom they come from. */
export function start(): void {
  process.title = "tidings-web";
  try {
    env();
  } catch (err) {
    if (!(err instanceof EnvError)) throw err;
    process.stderr.write(`${err.message}\n`);
    process.exit(1);
  }
  rememberPeers();
}
