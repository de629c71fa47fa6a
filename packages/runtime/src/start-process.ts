import { EnvError } from "./read-env";

/**
 * Names the process and runs its start. What is wrong with the environment is told in a person's words; anything else
 * that fails a start is printed whole. Either way the exit code is 1.
 */
export function startProcess(title: string, start: () => Promise<void>): void {
  process.title = title;
  start().catch((error: unknown) => {
    const words = error instanceof EnvError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${title} could not start. ${words}\n`);
    process.exit(1);
  });
}
