/** What a fake does with its next requests instead of accepting them. */
export interface Script<Fault> {
  /** Has the next `times` requests meet `fault`; Infinity until {@link Script.clear}. Faults given one after another queue up. */
  next(times: number, fault: Fault): void;
  /** The fault for the request at hand, or undefined when it is to be accepted. `isMine` leaves a fault that is for another step. */
  take(isMine?: (fault: Fault) => boolean): Fault | undefined;
  /** Accepts everything again. */
  clear(): void;
}

export function createScript<Fault>(): Script<Fault> {
  let queue: { times: number; fault: Fault }[] = [];
  return {
    next(times, fault) {
      queue.push({ times, fault });
    },
    take(isMine = () => true) {
      const [head] = queue;
      if (!head || !isMine(head.fault)) return undefined;
      head.times--;
      if (head.times <= 0) queue.shift();
      return head.fault;
    },
    clear() {
      queue = [];
    },
  };
}
