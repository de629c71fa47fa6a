import { EnvError } from "@tidings/runtime/read-env";
import { env } from "./env";

// Under another name: Next.js also compiles this file for its edge runtime, and warns of `process` there.
const { process: webProcess } = globalThis;

/** Next.js calls this once, before the first request: names the process, and ends it when a setting is wrong. */
export function register(): void {
  webProcess.title = "tidings-web";
  try {
    env();
  } catch (err) {
    if (!(err instanceof EnvError)) throw err;
    webProcess.stderr.write(`${err.message}\n`);
    webProcess.exit(1);
  }
}
