"use client";

import { Button } from "../../../../ui/button";
import { Callout } from "../../../../ui/callout";
import { RequestId } from "../../../../ui/request-id";
import { Status } from "../../../../ui/status";
import { changedParts } from "../content-parts";
import { sentence } from "../template-words";
import { ChangeList } from "./change-list";
import type { TemplateDraft } from "./use-template-draft";

/** Whether what is written is safe: in a word, always in the same place. */
export function SaveWord({ state }: Pick<TemplateDraft, "state">) {
  return (
    <span role="status" className="whitespace-nowrap">
      {state.kind === "saved" ? (
        <Status tone="good">Draft saved</Status>
      ) : state.kind === "faulty" || state.kind === "conflict" || state.kind === "failed" ? (
        <Status tone="warn">Not saved</Status>
      ) : (
        <Status tone="active">Saving…</Status>
      )}
    </span>
  );
}

/** Why the draft is not saved, and what to do. */
export function SaveNote({ draft, state, takeTheirs, keepMine, save }: TemplateDraft) {
  if (state.kind === "faulty") {
    return (
      <Callout tone="warn" title="Not saved before this is mended">
        <ul className="list-disc pl-4">
          {state.faults.map(({ pointer, message }) => (
            <li key={pointer + message}>
              <code className="font-mono text-xs">{pointer.replace("/draft/", "")}</code>: {sentence(message)}
            </li>
          ))}
        </ul>
      </Callout>
    );
  }
  if (state.kind === "failed") {
    return (
      <Callout
        tone="bad"
        title={`Not saved: ${state.failure.message}`}
        action={
          <Button size="sm" onClick={() => void save()}>
            Try again
          </Button>
        }
      >
        {state.failure.requestId && <RequestId id={state.failure.requestId} />}
      </Callout>
    );
  }
  if (state.kind !== "conflict") return null;
  const { theirs } = state;
  return (
    <Callout tone="warn" title="Somebody else saved this draft meanwhile">
      <div className="space-y-3 pt-1">
        <p>Yours is not saved. This is what yours would change in theirs:</p>
        <ChangeList parts={changedParts(theirs.draft, draft)} />
        <div className="flex flex-wrap gap-2">
          <Button size="sm" onClick={() => takeTheirs(theirs)}>
            Take theirs, drop mine
          </Button>
          <Button size="sm" onClick={() => void keepMine(theirs)}>
            Keep mine, replace theirs
          </Button>
        </div>
      </div>
    </Callout>
  );
}
