import { Status } from "../../../ui/status";
import { RelativeTime } from "../../../ui/time";
import { aboutWhat, channelWords, toWhom } from "./message-columns";
import type { ListedMessage } from "./message-filters";

/** A message of the list on a phone. */
export function MessageCard({ message }: { message: ListedMessage }) {
  return (
    <div className="min-w-0 space-y-1">
      <div className="flex items-center justify-between gap-3">
        <Status value={message.status} />
        <RelativeTime at={message.createdAt} className="text-ink-muted text-xs" />
      </div>
      <p className="truncate font-medium" dir="auto">
        {aboutWhat(message)}
      </p>
      <p className="truncate text-ink-muted text-sm" dir="auto">
        {toWhom(message)} · {channelWords(message)}
      </p>
      {message.failure && <p className="truncate text-ink-muted text-sm">{message.failure}</p>}
    </div>
  );
}
