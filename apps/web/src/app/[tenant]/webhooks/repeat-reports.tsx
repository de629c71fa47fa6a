"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC, useTRPCClient } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { Callout } from "../../../ui/callout";
import { Dialog } from "../../../ui/dialog";
import { failureOf } from "../../../ui/failure";
import { Field } from "../../../ui/field";
import { formatCount } from "../../../ui/format-number";
import { Input } from "../../../ui/input";
import { Select } from "../../../ui/select";
import { toast } from "../../../ui/toast";
import type { Endpoint } from "./endpoint-words";

const hourMs = 3_600_000;
const spans = [
  { value: "1", label: "The last hour" },
  { value: "24", label: "The last day" },
  { value: "168", label: "The last 7 days" },
  { value: "720", label: "The last 30 days" },
  { value: "time", label: "Since a time of your choice" },
] as const;

const words = {
  recover: {
    title: "Recover what failed",
    description:
      "Posts every report again that was given up, the oldest first, with the same webhook-id: who has handled one knows it again.",
    verb: "Recover",
    done: (count: number) =>
      `${formatCount(count)} failed ${count === 1 ? "report is" : "reports are"} on the way again`,
  },
  replay: {
    title: "Replay what is missing",
    description:
      "Posts what the endpoint was never told: from before it was made, while it was disabled, or before it asked for such events. Doing it twice adds nothing.",
    verb: "Replay",
    done: (count: number) => `${formatCount(count)} missing ${count === 1 ? "report is" : "reports are"} on the way`,
  },
};

/** Posts reports again, or for the first time, since a time. The server does a part at a time; this goes on to the end. */
export function RepeatReports(props: {
  endpoint: Endpoint;
  kind: keyof typeof words;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { endpoint, kind, open, onOpenChange } = props;
  const tenant = useTenant();
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const [span, setSpan] = useState<(typeof spans)[number]["value"]>("24");
  const [time, setTime] = useState("");
  const [soFar, setSoFar] = useState<number | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const busy = soFar !== null;
  const { title, description, verb, done } = words[kind];

  async function repeat() {
    const since = sinceOf(span, time);
    if (since === null) return setFailure("Choose a time first.");
    setFailure(null);
    let count = 0;
    setSoFar(count);
    try {
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const input = { ...tenant.input, id: endpoint.id, since, ...(cursor && { cursor }) };
        const part = await client.webhooks[kind].mutate(input);
        count += part.reports;
        setSoFar(count);
        cursor = part.nextCursor;
      }
      toast.good(count > 0 ? done(count) : "There was nothing to post");
      onOpenChange(false);
    } catch (error) {
      const { message, errors } = failureOf(error);
      setFailure([errors?.[0]?.message ?? message, count > 0 ? `${done(count)}.` : ""].filter(Boolean).join(" "));
    } finally {
      setSoFar(null);
      await queryClient.invalidateQueries({ queryKey: trpc.webhooks.pathKey() });
    }
  }

  return (
    <Dialog
      title={title}
      description={description}
      open={open}
      onOpenChange={(next) => !busy && onOpenChange(next)}
      footer={
        <Button variant="primary" busy={busy} onClick={() => void repeat()}>
          {busy && soFar > 0 ? `${formatCount(soFar)} so far` : verb}
        </Button>
      }
    >
      <div className="space-y-4">
        <Field label="Since" help="At most 30 days ago.">
          <Select options={spans} value={span} onValueChange={setSpan} />
        </Field>
        {span === "time" && (
          <Field label="Time" help="In your own time zone.">
            <Input type="datetime-local" value={time} onChange={(event) => setTime(event.target.value)} />
          </Field>
        )}
        {failure && <Callout tone="bad">{failure}</Callout>}
      </div>
    </Dialog>
  );
}

/** A minute is kept from the limit of 30 days, for clocks that differ. */
function sinceOf(span: (typeof spans)[number]["value"], time: string): string | null {
  if (span === "time") return time === "" ? null : new Date(time).toISOString();
  return new Date(Date.now() - Number(span) * hourMs + 60_000).toISOString();
}
