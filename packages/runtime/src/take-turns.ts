/**
 * Lets at most `perTurn` callers go on in one turn of the event loop. Hundreds that go on at once, after one answer to all
 * of them, would hold up for as long as they compute whatever else this process has to do.
 * @returns a function to await where a caller may be made to wait
 */
export function createTurns(perTurn: number): () => Promise<void> {
  const waiting: (() => void)[] = [];
  let isScheduled = false;

  function letSomeGo(): void {
    for (const go of waiting.splice(0, perTurn)) go();
    isScheduled = waiting.length > 0;
    if (isScheduled) setImmediate(letSomeGo);
  }

  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (isScheduled) return;
      isScheduled = true;
      setImmediate(letSomeGo);
    });
}
