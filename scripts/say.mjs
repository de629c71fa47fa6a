const began = process.hrtime.bigint();

/**
 * Prints a line of progress after the seconds since this command began.
 * @param {string} message
 */
export function say(message) {
  console.log(`${sinceStart().toFixed(1).padStart(6)} s  ${message}`);
}

/** Seconds since this command began. */
function sinceStart() {
  return Number(process.hrtime.bigint() - began) / 1e9;
}

/**
 * Ends this command with a sentence for people, or with a stack when the error is no sentence of ours.
 * @param {unknown} error
 * @returns {never}
 */
export function giveUp(error) {
  const isBug = (error instanceof TypeError || error instanceof ReferenceError) && !("code" in error);
  console.error(`\n${error instanceof Error ? (isBug ? error.stack : error.message) : error}`);
  process.exit(1);
}
