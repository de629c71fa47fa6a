/** What one loop waits at for others to call it. A ring that nobody waits for is kept for the next wait. */
export interface Doorbell {
  ring(): void;
  /** Resolves at a ring, at the latest after `timeoutMs`. */
  wait(timeoutMs: number): Promise<void>;
}

export function createDoorbell(): Doorbell {
  let rung = false;
  let open: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      open?.();
    },
    async wait(timeoutMs) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          open = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        open = undefined;
      }
      rung = false;
    },
  };
}
