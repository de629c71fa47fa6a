import type { Logger } from "./logger";

export interface ShutdownOptions {
  logger: Logger;
  /** Most time everything together may take. */
  timeoutMs?: number;
}

export interface Shutdown {
  /** Aborts when shutting down begins, so that readiness can fail and loops can end. */
  readonly signal: AbortSignal;
  /** Registers what to close. Closed last come, first gone: what was opened later may rest on what was opened before. */
  add(name: string, close: () => Promise<unknown> | unknown): void;
  /** Closes everything once, one after the other, and exits. A further call can only turn the exit code to 1. */
  begin(reason: string, exitCode?: 0 | 1): void;
}

/**
 * Ends the process in order at SIGTERM and SIGINT: exit code 0 when all was closed, 1 when something failed or took too long.
 * An uncaught exception or unhandled rejection is a bug: it is logged as fatal and ends the process the same way with code 1.
 */
export function createShutdown({ logger, timeoutMs = 20_000 }: ShutdownOptions): Shutdown {
  const controller = new AbortController();
  const open: { name: string; close: () => Promise<unknown> | unknown }[] = [];
  let exitCode = 0;

  async function closeAll(): Promise<never> {
    setTimeout(() => {
      logger.fatal({ unfinished: open.map(({ name }) => name).reverse(), timeoutMs }, "shutdown took too long");
      process.exit(1);
    }, timeoutMs);
    for (let last = open.at(-1); last; last = open.at(-1)) {
      const startedAt = performance.now();
      try {
        await last.close();
        logger.info({ closed: last.name, durationMs: Math.round(performance.now() - startedAt) }, "closed");
      } catch (err) {
        logger.error({ err, closing: last.name }, "could not close");
        exitCode = 1;
      }
      open.splice(open.indexOf(last), 1);
    }
    logger.info({ exitCode }, "stopped");
    process.exit(exitCode);
  }

  function begin(reason: string, code: 0 | 1 = 0): void {
    if (code !== 0) exitCode = code;
    if (controller.signal.aborted) return;
    logger.info({ reason }, "shutting down");
    controller.abort(new Error(`shutting down: ${reason}`));
    void closeAll();
  }

  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => begin(signal));
  for (const bug of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(bug, (err: unknown) => {
      logger.fatal({ err }, bug);
      begin(bug, 1);
    });
  }

  return { signal: controller.signal, add: (name, close) => void open.push({ name, close }), begin };
}
