/** Everything that runs for us, so that even a crash of ours leaves nobody behind. @type {Set<() => void>} */
const running = new Set();
process.on("exit", () => {
  for (const end of running) end();
});

/**
 * Has a child ended when this process exits, however it comes to exit.
 * @param {import("node:child_process").ChildProcess} child
 * @param {() => void} end asks it to end; called while exiting, so it must not wait
 */
export function endAtExit(child, end) {
  running.add(end);
  child.once("exit", () => running.delete(end));
  child.once("error", () => running.delete(end));
}
