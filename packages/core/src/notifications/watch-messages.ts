import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { firstUuidAt } from "@tidings/shared/ids";
import type { Owner } from "../owner";
import { findNotifications } from "./find-notifications";
import { loadListed } from "./list-notifications";
import type { PublicListedNotification } from "./notification-schemas";
import { presentListed } from "./present-notification";

export interface WatchMessagesDeps {
  database: Database;
  logger: Logger;
  /** How often Postgres is looked at for a tenant that is watched. */
  pollMs?: number;
}

/** Rows followed for each tenant that is watched, the newest: more than a list shows at once. */
const maxFollowed = 300;
/** Rows told of at first, and new ones at once: nobody reads more of a flood. */
const maxNew = 100;
/** A row may be written this much later than the time its id tells. */
const lateMs = 15_000;
/** Until Postgres is asked again after it did not answer. */
const unavailableMs = 2_000;

type Push = (rows: readonly PublicListedNotification[]) => void;

interface Poll {
  watchers: Set<Push>;
  /** What is known of the rows that are followed: their states, by id, oldest first. */
  followed: Map<string, string>;
  stop: AbortController;
}

/**
 * Live lists of messages. While somebody watches a tenant's mode, one poll for all who do in this process asks Postgres for
 * rows that are new, and for those seen lately whose state changed; nothing is polled for nobody, and sending knows nothing
 * of it.
 */
export function createWatchMessages({ database, logger, pollMs = 500 }: WatchMessagesDeps) {
  const polls = new Map<string, Poll>();

  async function* watch(owner: Owner, signal: AbortSignal): AsyncGenerator<PublicListedNotification[]> {
    const inbox = new Map<string, PublicListedNotification>();
    let wake = () => {};
    const push: Push = (rows) => {
      for (const row of rows) inbox.set(row.id, row);
      while (inbox.size > maxFollowed) inbox.delete(inbox.keys().next().value as string);
      wake();
    };
    const onAbort = () => wake();
    signal.addEventListener("abort", onAbort);
    const { leave, isFirst } = join(owner, push);
    try {
      // The first is told by the poll, which knows nothing yet; whoever joins it knows nothing either.
      if (!isFirst) push(await loadRows(owner, await newestIds(owner)));
      while (!signal.aborted) {
        if (inbox.size === 0) await new Promise<void>((resolve) => (wake = resolve));
        const rows = [...inbox.values()];
        inbox.clear();
        if (!signal.aborted && rows.length > 0) yield rows;
      }
    } finally {
      leave();
      signal.removeEventListener("abort", onAbort);
    }
  }

  function join(owner: Owner, push: Push): { leave(): void; isFirst: boolean } {
    const key = `${owner.tenantId}/${owner.mode}`;
    let poll = polls.get(key);
    if (!poll) {
      poll = { watchers: new Set(), followed: new Map(), stop: new AbortController() };
      polls.set(key, poll);
      void run(owner, poll);
    }
    const joined = poll;
    joined.watchers.add(push);
    const leave = () => {
      joined.watchers.delete(push);
      if (joined.watchers.size > 0) return;
      joined.stop.abort();
      polls.delete(key);
    };
    return { leave, isFirst: joined.watchers.size === 1 };
  }

  async function run(owner: Owner, poll: Poll): Promise<void> {
    const { signal } = poll.stop;
    while (!signal.aborted) {
      let waitMs = pollMs;
      try {
        const changed = await lookAgain(owner, poll);
        for (const push of changed.length > 0 ? poll.watchers : []) push(changed);
      } catch (err) {
        waitMs = unavailableMs;
        logger.warn({ err, tenantId: owner.tenantId }, "what is watched could not be read");
      }
      await sleep(waitMs, undefined, { signal }).catch(() => {}); // ends with the poll
    }
  }

  /** @returns rows that are new or have changed, newest first; all that are followed at the first look */
  async function lookAgain(owner: Owner, { followed }: Poll): Promise<PublicListedNotification[]> {
    const ids = followed.size > 0 ? [...followed.keys()] : await newestIds(owner);
    const states = await readStates(database, owner, ids);
    const changed = [...states].filter(([id, state]) => followed.get(id) !== state).map(([id]) => id);
    const known = [...new Map([...followed, ...states])].sort().slice(-maxFollowed);
    followed.clear();
    for (const [id, state] of known) followed.set(id, state);
    return await loadRows(owner, changed);
  }

  const newestIds = async (owner: Owner) => (await findNotifications(database, owner, {}, { limit: maxNew })).ids;
  const loadRows = async ({ tenantId }: Owner, ids: readonly string[]) =>
    (await loadListed(database, tenantId, ids)).map(presentListed);

  return {
    /**
     * The newest messages of a tenant's mode, then, as it happens, those that are new or have changed. Rows are to be taken
     * over by their ids: one may come twice. Ends when the signal aborts.
     */
    watch,
    /** Tenants' modes that are polled at this moment. */
    get polled() {
      return polls.size;
    },
  };
}

/** States of some rows, and of those written lately, by id. */
async function readStates(
  database: Database,
  { tenantId, mode }: Owner,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const since = firstUuidAt(Date.now() - lateMs);
  const rows = await database.$queryRaw<{ id: string; state: string }[]>`
    SELECT n.id, concat_ws(' ', n.status, n.settled_at, n.reason) AS state
    FROM (
      (SELECT * FROM notification
        WHERE tenant_id = ${tenantId}::uuid AND mode = ${mode} AND id >= ${since}::uuid ORDER BY id DESC LIMIT ${maxNew})
      UNION ALL
      (SELECT * FROM notification WHERE tenant_id = ${tenantId}::uuid AND mode = ${mode} AND id = ANY(${ids}::uuid[]))
    ) AS n`;
  return new Map(rows.map(({ id, state }) => [id, state]));
}
