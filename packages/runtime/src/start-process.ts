import { setFlagsFromString } from "node:v8";
import { EnvError } from "./read-env";

/**
 * When V8 collects everything, it does so beside our own thread, for some 80 ms, and on two cores what is accepted meanwhile
 * is answered late. Under a bound of 256 MB it would let only a third of what lives gather before the next time: every three
 * seconds at 2,000 requests a second. With as much again as lives, and without taking what a request holds for long-lived
 * before it has lived, it is every twenty. The bound holds as before.
 */
const collectSeldom = ["--heap-growing-percent=100", "--no-allocation-site-pretenuring"];

/**
 * Names the process and runs its start. What is wrong with the environment is told in a person's words; anything else
 * that fails a start is printed whole. Either way the exit code is 1.
 */
export function startProcess(title: string, start: () => Promise<void>): void {
  for (const flag of collectSeldom) setFlagsFromString(flag);
  process.title = title;
  start().catch((error: unknown) => {
    const words = error instanceof EnvError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${title} could not start. ${words}\n`);
    process.exit(1);
  });
}
