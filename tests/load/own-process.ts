import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A process of ours that answers questions over its channel. */
export interface OwnProcess<Verbs extends object> {
  pid: number;
  ask<Verb extends keyof Verbs & string>(
    verb: Verb,
    ...args: Parameters<Extract<Verbs[Verb], (...args: never[]) => unknown>>
  ): Promise<Awaited<ReturnType<Extract<Verbs[Verb], (...args: never[]) => unknown>>>>;
  stop(): Promise<void>;
}

interface Question {
  number: number;
  verb: string;
  args: unknown[];
}
type Reply = { number: number; result: unknown } | { number: number; error: string };

/** Starts a file that ends in `answerQuestions`. */
export function startOwnProcess<Verbs extends object>(file: URL, env: NodeJS.ProcessEnv = {}): OwnProcess<Verbs> {
  const child: ChildProcess = fork(file, {
    execArgv: ["--import", "tsx"],
    serialization: "advanced",
    env: { ...process.env, ...env },
  });
  const open = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let last = 0;
  let isStopping = false;
  child.on("message", (reply: Reply) => {
    const asked = open.get(reply.number);
    open.delete(reply.number);
    if ("error" in reply) asked?.reject(new Error(reply.error));
    else asked?.resolve(reply.result);
  });
  child.on("exit", (code, signal) => {
    if (isStopping) return;
    for (const { reject } of open.values()) reject(new Error(`${file.pathname} ended: ${signal ?? code}`));
    open.clear();
  });
  return {
    pid: child.pid as number,
    ask(verb, ...args) {
      const number = ++last;
      return new Promise((resolve, reject) => {
        open.set(number, { resolve: resolve as (result: unknown) => void, reject });
        child.send({ number, verb, args } satisfies Question);
      });
    },
    async stop() {
      isStopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/** Answers what the parent asks, for as long as it is there. */
export function answerQuestions(verbs: object): void {
  process.on("message", async ({ number, verb, args }: Question) => {
    const reply = await (async () => {
      try {
        return { number, result: await (verbs as Record<string, (...args: unknown[]) => unknown>)[verb]?.(...args) };
      } catch (error) {
        return { number, error: String((error as Error).stack ?? error) };
      }
    })();
    process.send?.(reply);
  });
  process.on("disconnect", () => process.exit(0));
}
