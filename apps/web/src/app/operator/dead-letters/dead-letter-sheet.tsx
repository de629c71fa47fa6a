"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { Callout } from "../../../ui/callout";
import { CodeBlock } from "../../../ui/code-block";
import { failureOf } from "../../../ui/failure";
import { formatBytes } from "../../../ui/format-number";
import { IdChip } from "../../../ui/id-chip";
import { KeyValue } from "../../../ui/key-value";
import { Sheet } from "../../../ui/sheet";
import { TextLink } from "../../../ui/text-link";
import { ExactTime } from "../../../ui/time";
import { toast } from "../../../ui/toast";
import { canReplay, type DeadLetter, LetterState, placeOf, settledWords } from "./letter-state";

/** One dead letter with what it says, beside the list. */
export function DeadLetterSheet({ letter, onClose }: { letter: DeadLetter | undefined; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const replay = useMutation(
    trpc.deadLetters.replay.mutationOptions({
      onSuccess: () => {
        toast.good("Published again");
        return queryClient.invalidateQueries({ queryKey: trpc.deadLetters.pathKey() });
      },
      onError: (error) => void toast.bad(failureOf(error).message),
    }),
  );

  return (
    <Sheet
      title="Dead letter"
      description={letter?.reason}
      open={letter !== undefined}
      onOpenChange={(open) => !open && onClose()}
      modal={false}
      footer={
        letter &&
        canReplay(letter) && (
          <Button variant="primary" busy={replay.isPending} onClick={() => replay.mutate({ id: letter.id })}>
            {letter.replayedAt ? "Replay again" : "Replay"}
          </Button>
        )
      }
    >
      {letter && (
        <div className="space-y-5">
          <KeyValue
            items={[
              { label: "State", value: <LetterState {...letter} /> },
              { label: "Id", value: <IdChip id={letter.id} /> },
              {
                label: "Tenant",
                value: letter.tenant && (
                  <TextLink href={`/operator/tenants/${letter.tenant.slug}`}>
                    <bdi>{letter.tenant.name}</bdi>
                  </TextLink>
                ),
              },
              { label: "Mode", value: letter.mode },
              { label: "Message id", value: letter.notificationId && <IdChip id={letter.notificationId} /> },
              { label: "Where", value: <code className="font-mono text-xs">{placeOf(letter)}</code> },
              { label: "When", value: <ExactTime at={letter.createdAt} /> },
              { label: "Replayed", value: letter.replayedAt && <ExactTime at={letter.replayedAt} /> },
            ]}
          />
          {settledWords(letter) && <Callout tone="good">{settledWords(letter)}</Callout>}
          <CodeBlock label={`Payload, ${formatBytes(letter.payloadBytes)}`} code={letter.payload || "(empty)"} wrap />
          {!letter.notificationId && (
            <p className="text-pretty text-ink-muted text-sm">
              Nobody can read it, so there is nothing to publish again. Something other than Tidings may be writing to
              the topic. A notification of ours that was behind it is a row in Postgres, and the sweep publishes it
              again.
            </p>
          )}
        </div>
      )}
    </Sheet>
  );
}
