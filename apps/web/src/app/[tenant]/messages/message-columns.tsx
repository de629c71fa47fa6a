import { channelNames } from "../../../shell/channel-names";
import type { DataColumn } from "../../../ui/data-table";
import { Status } from "../../../ui/status";
import { RelativeTime } from "../../../ui/time";
import type { ListedMessage } from "./message-filters";

/** Whom a message is for, as far as the list knows. */
export function toWhom({ recipient, address }: ListedMessage): string {
  return recipient.id ?? address ?? Object.values(recipient)[0] ?? "nobody";
}

/** An address that says who it is, beside the tenant's own id; tokens and URLs say nothing, and some are secrets. */
function addressBeside(message: ListedMessage): string | null {
  const { address } = message;
  return address && address !== toWhom(message) && /^\+\d|^[^\s/]+@/.test(address) ? address : null;
}

/** Its channels as people call them. */
export function channelWords({ channels }: ListedMessage): string {
  return channels.map((channel) => channelNames[channel] ?? channel).join(", ");
}

/** What a message says, or what it was made from. */
export function aboutWhat(message: ListedMessage): string {
  return message.subject ?? message.template?.key ?? `${channelWords(message)} message`;
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
        {addressBeside(row) && <span className="text-ink-muted"> · {addressBeside(row)}</span>}
      </span>
    ),
  },
  {
    key: "what",
    header: "What",
    cell: (row) => (
      <span className="block truncate" dir="auto">
        {aboutWhat(row)}
        {row.failure && <span className="text-ink-muted"> · {row.failure}</span>}
      </span>
    ),
  },
  {
    key: "channels",
    header: "Channels",
    width: "w-44",
    cell: (row) => <span className="block truncate text-ink-muted">{channelWords(row)}</span>,
  },
  {
    key: "at",
    header: "Accepted",
    width: "w-28",
    align: "end",
    cell: (row) => <RelativeTime at={row.createdAt} className="text-ink-muted" />,
  },
];
