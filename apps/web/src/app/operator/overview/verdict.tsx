"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../../trpc/client";
import { Callout } from "../../../ui/callout";
import { Skeleton } from "../../../ui/skeleton";
import { TextLink } from "../../../ui/text-link";
import { refreshMs } from "./part";
import { worriesOf } from "./worries";

/** The answer to the page's question in a line: all is well, or what is not. */
export function Verdict() {
  const trpc = useTRPC();
  const processes = useQuery({ ...trpc.operator.processes.queryOptions(), refetchInterval: refreshMs });
  const queues = useQuery({ ...trpc.operator.queues.queryOptions(), refetchInterval: refreshMs });
  const sweep = useQuery({ ...trpc.operator.sweep.queryOptions(), refetchInterval: refreshMs });
  const providers = useQuery({ ...trpc.operator.providers.queryOptions(), refetchInterval: refreshMs });
  const redis = useQuery(trpc.operator.redis.queryOptions());
  const parts = [processes, queues, sweep, providers, redis];
  if (parts.some(({ isPending }) => isPending)) return <Skeleton className="h-16 w-full rounded-lg" />;

  const [known, away] = [parts.filter(({ isError }) => !isError).length, parts.some(({ isError }) => isError)];
  const worries = worriesOf(
    {
      ...{ processes: processes.data, queues: queues.data, sweep: sweep.data },
      ...{ providers: providers.data, redis: redis.data },
    },
    Date.now(),
  );
  if (worries.length === 0 && !away)
    return (
      <Callout tone="good" title="All is well">
        Every process and store answers, nothing is overdue, no account is held back, and no dead letter waits.
      </Callout>
    );
  const isGrave = away || worries.some((worry) => worry.isGrave);
  return (
    <Callout
      tone={isGrave ? "bad" : "warn"}
      title={isGrave ? "Messages may be held up" : "Messages go out, but look at this"}
    >
      <ul className="space-y-0.5">
        {worries.map(({ text, href }) => (
          <li key={text}>{href ? <TextLink href={href}>{text}</TextLink> : text}</li>
        ))}
        {away && (
          <li>
            Only {known} of {parts.length} parts could be asked; the others say why below.
          </li>
        )}
      </ul>
    </Callout>
  );
}
