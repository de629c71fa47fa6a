import { Worker } from "node:worker_threads";
import { resolveModule } from "@tidings/runtime/resolve-module";
import { Refusal } from "@tidings/shared/refusals";

/** What MJML made of a source: HTML, and what it found wrong. */
export interface MjmlAnswer {
  html: string;
  errors: { line?: number; tagName?: string; message: string }[];
  /** Set when the source took too long, also with what it belongs to, or too much memory: its like are not worth the time either. */
  givenUp?: true;
}

/** Time that what belongs together may keep the thread busy, waiting not counted. Every source takes off what it took. */
export interface CompileBudget {
  readonly totalMs: number;
  leftMs: number;
}

/** Bounds of an MJML thread. */
export interface MjmlThreadLimits {
  /** After which a source is given up. */
  timeoutMs: number;
  /** After which an idle thread gives its memory back. */
  idleMs: number;
  /** Most sources that wait or are compiled at once; together they wait at most this times `timeoutMs`. */
  maxWaiting: number;
  /** Most of these that are one tenant's: it leaves room for the others. */
  maxWaitingPerTenant: number;
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
 */
export function createMjmlThread({ timeoutMs, idleMs, maxWaiting, maxWaitingPerTenant }: MjmlThreadLimits) {
  const waiting = new Map<string, number>();
  let thread: Promise<Worker> | null = null;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function open(): Promise<Worker> {
    const opening = startThread(() => {
      if (thread === opening) thread = null;
    });
    return opening;
  }

  async function compile(source: string, budget: CompileBudget): Promise<MjmlAnswer> {
    clearTimeout(idle);
    thread ??= open();
    const worker = await thread;
    worker.ref();
    const begunAt = performance.now();
    const answer = await ask(worker, source, boundOf(budget));
    budget.leftMs -= performance.now() - begunAt;
    if (answer.givenUp) {
      await worker.terminate();
      return answer;
    }
    worker.unref();
    idle = setTimeout(() => {
      thread = null; // who comes while it ends gets another
      void worker.terminate();
    }, idleMs).unref();
    return answer;
  }

  function boundOf({ leftMs, totalMs }: CompileBudget): { ms: number; message: string } {
    return leftMs < timeoutMs
      ? { ms: leftMs, message: `with the emails before it, takes longer than ${totalMs} ms to compile` }
      : { ms: timeoutMs, message: `takes longer than ${timeoutMs} ms to compile` };
  }

  /** Takes a place in the queue. */
  function enter(tenantId: string): void {
    const own = waiting.get(tenantId) ?? 0;
    const all = [...waiting.values()].reduce((sum, count) => sum + count, 0);
    if (own >= maxWaitingPerTenant || all >= maxWaiting) {
      const whose = own >= maxWaitingPerTenant ? " of this tenant" : "";
      const retryAfterSeconds = Math.ceil(timeoutMs / 1_000);
      throw new Refusal("overloaded", `Too many emails${whose} are being compiled at once.`, { retryAfterSeconds });
    }
    waiting.set(tenantId, own + 1);
  }

  function leave(tenantId: string): void {
    const others = (waiting.get(tenantId) ?? 1) - 1;
    if (others > 0) waiting.set(tenantId, others);
    else waiting.delete(tenantId);
  }

  return {
    /**
     * Compiles one source of a tenant; what is wrong with it is in the answer.
     * @param budget of all that it belongs to
     * @throws {Refusal} overloaded, when too many wait
     */
    async compile(tenantId: string, source: string, budget: CompileBudget): Promise<MjmlAnswer> {
      enter(tenantId);
      const answer = last.then(() => compile(source, budget)).finally(() => leave(tenantId));
      last = answer.catch(() => undefined); // its own caller hears of it
      return await answer;
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

function ask(worker: Worker, source: string, bound: { ms: number; message: string }): Promise<MjmlAnswer> {
  return new Promise((resolve) => {
    const settle = (answer: MjmlAnswer) => {
      clearTimeout(timer);
      worker.off("message", settle).off("error", fail);
      resolve(answer);
    };
    const giveUp = (message: string) => settle({ html: "", errors: [{ message }], givenUp: true });
    const fail = (error: Error) => giveUp(`could not be compiled: ${error.message}`);
    const timer = setTimeout(() => giveUp(bound.message), bound.ms);
    worker.on("message", settle).on("error", fail);
    worker.postMessage(source);
  });
}
