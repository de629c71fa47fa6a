import type { System } from "../load/system";
import type { LoadChannel } from "./load";
import type { Random } from "./random";

/** Something that goes wrong while notifications flow. */
export interface Fault {
  /** How it is asked for on the command line. */
  name: string;
  /** What is played, in a sentence for people. */
  does: string;
  /**
   * Plays it, and gives back what it took away before it resolves.
   * @throws {Error} when a promise was broken meanwhile, in words for people
   */
  strike(scene: Scene): Promise<unknown>;
  /**
   * Looks at what was recorded of these tenants' notifications, once all is settled.
   * @returns what it found, in a sentence for people; null when the table says it all
   * @throws {Error} as `strike` does
   */
  verify?(system: System, tenantIds: string[]): Promise<string | null>;
  /** How long it lasts, in seconds: the load goes on for so much longer. 0 when absent. */
  lastsSeconds?: number;
  /** Longest it may take to recover, in seconds, where that was promised. */
  recoversWithinSeconds?: number;
  /** The channels of the load; every one that has a receiver here when absent. */
  channels?: readonly LoadChannel[];
  /** Whether the API may answer 503, or not at all. When absent every request has to be answered 202. */
  mayRefuse?: boolean;
  /** Whether sends can be cut off, whose messages may arrive twice. When absent nothing may. */
  mayDouble?: boolean;
  /** Why it can't be played on this machine, null when it can. */
  unplayable?(system: System): string | null;
  /** Readies the tenants whose notifications the load sends. */
  equip?(system: System, tenantIds: readonly string[]): Promise<void>;
  /** Readies the system before the load. @returns what undoes it afterwards */
  prepare?(system: System): Promise<() => Promise<void>>;
}

/** What a fault has at hand. */
export interface Scene {
  system: System;
  random: Random;
  /** When the load is over, in epoch milliseconds. */
  loadEndsAtMs: number;
  /** Posts one more notification; what is answered 202 has to arrive like the others. */
  post(how?: Posting): Promise<ProbeAnswer>;
  /** How processes of ours have ended since the load began. */
  endings: readonly Ending[];
}

export interface Posting {
  /** Another API than the one the load goes to. */
  apiUrl?: string;
  /** At once when absent. */
  sendAt?: Date;
}

export interface ProbeAnswer {
  /** 0 when there was none. */
  status: number;
  /** The problem's code when it was refused. */
  code: string | null;
  hasRetryAfter: boolean;
}

/** The end of a process that its supervisor restarts. */
export interface Ending {
  process: string;
  /** `exit code 0` or the signal. */
  how: string;
  /** When it was ready again, in epoch milliseconds; null until then. */
  backAtMs: number | null;
}
