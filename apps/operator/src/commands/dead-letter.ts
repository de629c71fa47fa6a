import { listLatestDeadLetters } from "@tidings/core/dead-letters/list-latest-dead-letters";
import { publicId } from "@tidings/shared/ids";
import { operatorCommand } from "../operator-command";
import { shortTime, table } from "../table";

const shown = 100;

export const deadLetterList = operatorCommand({
  name: "dead-letter list",
  description: `List the newest ${shown} messages that could not be read or routed, of all tenants`,
  args: {},
  async run(_args, { database }) {
    const letters = (await listLatestDeadLetters(database, shown)).map((row) => ({
      id: publicId("deadLetter", row.id),
      tenantId: row.tenantId && publicId("tenant", row.tenantId),
      notificationId: row.notificationId && publicId("notification", row.notificationId),
      topic: row.topic,
      partition: row.partition,
      position: row.position,
      reason: row.reason,
      createdAt: row.createdAt.toISOString(),
      replayedAt: row.replayedAt?.toISOString() ?? null,
    }));
    const rows = letters.map(({ id, createdAt, notificationId, topic, partition, position, reason }) => [
      shortTime(createdAt),
      id,
      notificationId ?? "-",
      `${topic}/${partition}@${position}`,
      reason,
    ]);
    const headings = ["created", "id", "notification", "where", "reason"];
    return { data: letters, text: table(headings, rows, "There are no dead letters.") };
  },
});
