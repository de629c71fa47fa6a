import { parseAsArrayOf, parseAsString, useQueryStates } from "nuqs";
import type { Answers, Inputs } from "../../../trpc/answers";
import { dateRangeOf } from "../../../ui/date-range";

/** What the list is narrowed down to, as the server takes it. */
export type MessageFilters = Inputs["messages"]["list"]["filters"];
/** A row of the list. */
export type ListedMessage = Answers["messages"]["list"]["rows"][number];

const several = parseAsArrayOf(parseAsString);

/** The filters as they stand in the address, so that a link shows the same list; and the message that is open beside it. */
export function useMessageFilters() {
  return useQueryStates(
    {
      q: parseAsString.withDefault(""),
      status: several.withDefault([]),
      channel: parseAsString,
      priority: several.withDefault([]),
      template: parseAsString,
      category: parseAsString,
      recipient: parseAsString,
      time: parseAsString,
      message: parseAsString,
    },
    { history: "push", clearOnDefault: true },
  );
}
export type MessageParams = ReturnType<typeof useMessageFilters>[0];

const minuteMs = 60_000;

/** The filters of the address as the server takes them. Moments are cut to the minute, so that the same list has the same name. */
export function filtersOf(params: MessageParams): MessageFilters {
  const { q, status, channel, priority, template, category, recipient, time } = params;
  const range = time === null ? null : dateRangeOf(time, new Date(Math.ceil(Date.now() / minuteMs) * minuteMs));
  return {
    ...(q && { q }),
    ...(status.length > 0 && { status: status.join(",") }),
    ...(channel && { channel: channel as NonNullable<MessageFilters["channel"]> }),
    ...(priority.length > 0 && { priority: priority.join(",") }),
    ...(template && { template }),
    ...(category && { category }),
    ...(recipient && { recipient }),
    ...(range?.from && { since: range.from.toISOString() }),
    ...(range?.to && { until: range.to.toISOString() }),
  };
}

/** Whether a message that has just come belongs into the list; searches are never joined by what is new. */
export function belongs(
  row: ListedMessage,
  { q, status, channel, priority, template, category, recipient, time }: MessageParams,
) {
  return (
    !q &&
    !recipient &&
    !time?.includes("..") &&
    (status.length === 0 || status.includes(row.status)) &&
    (!channel || row.channels.includes(channel)) &&
    (priority.length === 0 || priority.includes(row.priority)) &&
    (!template || row.template?.key === template) &&
    (!category || row.category === category)
  );
}
