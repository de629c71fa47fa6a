import { Worker } from "node:worker_threads";
import { resolveModule } from "@tidings/runtime/resolve-module";

/** What MJML made of a source: HTML, and what it found wrong. */
export interface MjmlAnswer {
  html: string;
  errors: { line?: number; tagName?: string; message: string }[];
}

const threadSource = `
  const { parentPort, workerData } = require("node:worker_threads");
  const mjml = require(workerData);
  const answer = ({ html, errors }) =>
    parentPort.postMessage({ html, errors: errors.map(({ line, tagName, message }) => ({ line, tagName, message })) });
  const fail = ({ message }) => parentPort.postMessage({ html: "", errors: [{ message }] });
  parentPort.on("message", (source) => mjml(source, { validationLevel: "soft", ignoreIncludes: true }).then(answer, fail));
  parentPort.postMessage("ready");
`;

/**
 * MJML in a thread of its own: a hostile source can keep it busy for minutes, which must cost nobody else anything.
 * The thread starts when first needed, serves one source at a time, and ends when it has been idle.
 * @param timeoutMs after which a source is given up
 * @param idleMs after which an idle thread gives its memory back
 */
export function createMjmlThread({ timeoutMs, idleMs }: { timeoutMs: number; idleMs: number }) {
  let thread: Promise<Worker> | null = null;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function open(): Promise<Worker> {
    const opening = startThread(() => {
      if (thread === opening) thread = null;
    });
    return opening;
  }

  async function compile(source: string): Promise<MjmlAnswer> {
    clearTimeout(idle);
    thread ??= open();
    const worker = await thread;
    worker.ref();
    const answer = await ask(worker, source, timeoutMs);
    if ("givenUp" in answer) {
      await worker.terminate();
      return { html: "", errors: [{ message: answer.givenUp }] };
    }
    worker.unref();
    idle = setTimeout(() => void worker.terminate(), idleMs).unref();
    return answer;
  }

  return {
    /** Compiles one source; what is wrong with it is in the answer. */
    compile(source: string): Promise<MjmlAnswer> {
      const answer = last.then(() => compile(source));
      last = answer.catch(() => undefined); // its own caller hears of it
      return answer;
    },
  };
}

/** A thread that has loaded MJML. `onEnd` is called once, whether it was ended or failed. */
function startThread(onEnd: () => void): Promise<Worker> {
  const mjmlPath = resolveModule("mjml");
  const resourceLimits = { maxOldGenerationSizeMb: 256 };
  const worker = new Worker(threadSource, { eval: true, workerData: mjmlPath, resourceLimits, execArgv: [], env: {} });
  worker.once("exit", onEnd);
  return new Promise((resolve, reject) => {
    worker.on("error", reject); // stays: an error that nobody listens for would end the process
    worker.once("message", () => resolve(worker));
  });
}

function ask(worker: Worker, source: string, timeoutMs: number): Promise<MjmlAnswer | { givenUp: string }> {
  return new Promise((resolve) => {
    const settle = (answer: MjmlAnswer | { givenUp: string }) => {
      clearTimeout(timer);
      worker.off("message", settle).off("error", fail);
      resolve(answer);
    };
    const fail = (error: Error) => settle({ givenUp: `could not be compiled: ${error.message}` });
    const timer = setTimeout(() => settle({ givenUp: `takes longer than ${timeoutMs} ms to compile` }), timeoutMs);
    worker.on("message", settle).on("error", fail);
    worker.postMessage(source);
  });
}
