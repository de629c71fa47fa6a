import { setMaxListeners } from "node:events";

/**
 * Does work that must stop after a time, or when `parent` aborts.
 *
 * Not `AbortSignal.any` with `AbortSignal.timeout`: Node 20 may collect both while they are waited for, and then never
 * aborts (https://github.com/nodejs/node/issues/57736).
 * @param work is given the signal it must heed; what it resolves with or throws is passed on
 */
export async function withDeadline<Result>(
  timeoutMs: number,
  parent: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  // A worker has hundreds of these on one parent and as many attempts in one: each leaves when it is done, so none leaks.
  setMaxListeners(0, parent, controller.signal);
  const onAbort = () => controller.abort(parent.reason);
  if (parent.aborted) onAbort();
  else parent.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(
    () => controller.abort(new DOMException(`not done within ${timeoutMs} ms`, "TimeoutError")),
    timeoutMs,
  );
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    parent.removeEventListener("abort", onAbort);
  }
}
