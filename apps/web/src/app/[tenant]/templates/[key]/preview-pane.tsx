"use client";

import { Monitor, Moon, Smartphone, Sun } from "lucide-react";
import { useState } from "react";
import { channelNames } from "../../../../shell/channel-names";
import { Button } from "../../../../ui/button";
import { Callout } from "../../../../ui/callout";
import { ErrorState } from "../../../../ui/error-state";
import { Segmented } from "../../../../ui/segmented";
import { Skeleton } from "../../../../ui/skeleton";
import { Spinner } from "../../../../ui/spinner";
import { type ContentScheme, ContentView, type ContentWidth } from "../../content-view";
import { sentence, type TemplatePreview } from "../template-words";
import type { useTemplatePreview } from "./use-template-preview";

export interface PreviewPaneProps {
  live: ReturnType<typeof useTemplatePreview>;
  channel: string;
  scheme: ContentScheme;
  onSchemeChange: (scheme: ContentScheme) => void;
  /** Adds what is missing to the sample data. */
  onFill: (missing: readonly string[]) => void;
}

/** One channel as its reader gets it, rendered by the server. */
export function PreviewPane({ live, channel, scheme, onSchemeChange, onFill }: PreviewPaneProps) {
  const [width, setWidth] = useState<ContentWidth>("desktop");
  const { preview, failure, faults, isWaiting } = live;
  return (
    <section aria-label="Preview" aria-busy={isWaiting} className="space-y-3">
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-2">
        <h2 className="flex items-center gap-2 font-medium text-base">Preview {isWaiting && <Spinner />}</h2>
        {channel === "email" && (
          <div className="flex flex-wrap gap-2">
            <Segmented
              label="Width"
              options={[
                { value: "desktop", label: "Desktop", icon: <Monitor aria-hidden /> },
                { value: "mobile", label: "Mobile", icon: <Smartphone aria-hidden /> },
              ]}
              value={width}
              onValueChange={setWidth}
            />
            <Segmented
              label="Colours of the mail client"
              options={[
                { value: "light", label: "Light", icon: <Sun aria-hidden /> },
                { value: "dark", label: "Dark", icon: <Moon aria-hidden /> },
              ]}
              value={scheme}
              onValueChange={onSchemeChange}
            />
          </div>
        )}
      </div>
      {failure && faults.length === 0 ? (
        <ErrorState title="The preview could not be rendered" error={failure} onRetry={live.retry} />
      ) : failure ? (
        <Callout tone="warn" title="There is nothing to see before the faults are mended">
          <ul className="list-disc pl-4">
            {faults.map(({ pointer, message }) => (
              <li key={pointer + message}>
                <code className="font-mono text-xs">{pointer.replace("/draft/", "")}</code>: {sentence(message)}
              </li>
            ))}
          </ul>
        </Callout>
      ) : preview ? (
        <Preview preview={preview} width={width} scheme={scheme} onFill={onFill} />
      ) : (
        <Skeleton className="h-48 w-full" />
      )}
    </section>
  );
}

interface PreviewProps {
  preview: TemplatePreview;
  width: ContentWidth;
  scheme: ContentScheme;
  onFill: (missing: readonly string[]) => void;
}

function Preview({ preview, width, scheme, onFill }: PreviewProps) {
  const { channel, content, reason, missingVariables } = preview;
  if (!content) {
    const isMissing = missingVariables.length > 0;
    return (
      <Callout
        tone="warn"
        title={isMissing ? "The sample data lacks something" : "This could not be sent"}
        action={
          isMissing && (
            <Button size="sm" onClick={() => onFill(missingVariables)}>
              Fill in
            </Button>
          )
        }
      >
        {isMissing ? (
          <span className="font-mono text-xs">{missingVariables.join(", ")}</span>
        ) : (
          sentence(reason ?? `${channelNames[channel] ?? channel} has nothing to say`)
        )}
      </Callout>
    );
  }
  return (
    <ContentView
      channel={channel}
      content={content}
      sms={preview.sms}
      frame={preview.frame}
      width={width}
      scheme={scheme}
    />
  );
}
