/**
 * What a receiver does instead of taking a message: `hang` never answers, `reset` breaks the connection off, `die` takes the
 * message and breaks off before it says so. A status is answered in HTTP's words; a mail server has words of its own for it.
 */
export type Misconduct = "hang" | "reset" | "die" | 400 | 429 | 500;

/** How the receivers of a process behave, now. */
export interface SinkConduct {
  now: Misconduct | null;
}
