import { channelNames } from "../../../shell/channel-names";
import type { DataColumn } from "../../../ui/data-table";
import { Status } from "../../../ui/status";
import { RelativeTime } from "../../../ui/time";
import type { ListedMessage } from "./message-filters";

/** Whom a message is for, as far as the list knows. */
export function toWhom({ recipient, address }: ListedMessage): string {
  return recipient.id ?? address ?? Object.values(recipient)[0] ?? "nobody";
}

/** What a message says, or what it was made from. */
export function aboutWhat({ subject, template, id }: ListedMessage): string {
  return subject ?? template?.key ?? id;
}

export const messageLabel = (row: ListedMessage) => `${aboutWhat(row)}, to ${toWhom(row)}`;

/** The list's columns. */
export const messageColumns: readonly DataColumn<ListedMessage>[] = [
  { key: "status", header: "Status", width: "w-34", cell: (row) => <Status value={row.status} /> },
  {
    key: "to",
    header: "To",
    cell: (row) => (
      <span className="block truncate" dir="auto">
        {toWhom(row)}
      </span>
    ),
  },
  {
    key: "what",
    header: "What",
    cell: (row) => (
      <span className="block truncate" dir="auto">
        {row.subject ?? <span className="font-mono text-xs">{aboutWhat(row)}</span>}
        {row.failure && <span className="text-ink-muted"> · {row.failure}</span>}
      </span>
    ),
  },
  {
    key: "channels",
    header: "Channels",
    width: "w-36",
    cell: (row) => (
      <span className="block truncate text-ink-muted">
        {row.channels.map((channel) => channelNames[channel] ?? channel).join(", ")}
      </span>
    ),
  },
  {
    key: "at",
    header: "Accepted",
    width: "w-28",
    align: "end",
    cell: (row) => <RelativeTime at={row.createdAt} className="text-ink-muted" />,
  },
];
