"use client";

import { Monitor, Moon, Smartphone, Sun } from "lucide-react";
import { useState } from "react";
import { channelNames } from "../../../../shell/channel-names";
import { Button } from "../../../../ui/button";
import { Callout } from "../../../../ui/callout";
import { cn } from "../../../../ui/cn";
import { ErrorState } from "../../../../ui/error-state";
import { formatBytes } from "../../../../ui/format-number";
import { JsonView } from "../../../../ui/json-view";
import { Segmented } from "../../../../ui/segmented";
import { Skeleton } from "../../../../ui/skeleton";
import { Spinner } from "../../../../ui/spinner";
import { sentence, type TemplatePreview } from "../template-words";
import type { Previewed, useTemplatePreview } from "./use-template-preview";

export type Scheme = Previewed["scheme"];
export type Width = "desktop" | "mobile";

export interface PreviewPaneProps {
  live: ReturnType<typeof useTemplatePreview>;
  channel: string;
  scheme: Scheme;
  onSchemeChange: (scheme: Scheme) => void;
  /** Adds what is missing to the sample data. */
  onFill: (missing: readonly string[]) => void;
}

/** One channel as its reader gets it, rendered by the server. */
export function PreviewPane({ live, channel, scheme, onSchemeChange, onFill }: PreviewPaneProps) {
  const [width, setWidth] = useState<Width>("desktop");
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
  width: Width;
  scheme: Scheme;
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
  const text = (name: string) => (typeof content[name] === "string" ? content[name] : "");
  switch (channel) {
    case "email":
      return <Email preview={preview} width={width} scheme={scheme} />;
    case "sms":
    case "whatsapp":
      return (
        <Phone>
          <p className="wrap-anywhere w-fit max-w-[85%] whitespace-pre-wrap rounded-lg rounded-bl-sm bg-raised px-3 py-2 shadow-pop">
            {text("text") || <span className="text-ink-muted">An approved template of the provider’s</span>}
          </p>
          {preview.sms && (
            <p className="mt-2 text-ink-muted text-xs">
              {preview.sms.segments} {preview.sms.segments === 1 ? "segment" : "segments"} · {preview.sms.characters}{" "}
              characters · {preview.sms.encoding}
              {preview.sms.encoding === "UCS-2" && ": a character outside GSM-7 halves what fits"}
            </p>
          )}
        </Phone>
      );
    case "push":
    case "in_app":
    case "chat":
      return (
        <>
          <Phone>
            <div className="wrap-anywhere rounded-lg border border-line bg-raised p-3 shadow-pop">
              <p className="font-semibold">{text("title")}</p>
              <p className="whitespace-pre-wrap">{text("body") || text("text")}</p>
              {text("actionUrl") && <p className="mt-1 text-ink-muted text-xs">Opens {text("actionUrl")}</p>}
              {text("imageUrl") && <p className="mt-1 text-ink-muted text-xs">Image {text("imageUrl")}</p>}
            </div>
          </Phone>
          {content.data !== undefined && <JsonView label="Data for the app" value={content.data} />}
        </>
      );
    default:
      return <JsonView label="Payload" value={content.payload ?? content} openLevels={4} />;
  }
}

/** Where short messages are read. */
function Phone({ children }: { children: React.ReactNode }) {
  return <div className="rounded-lg border border-line bg-sunken px-4 py-6 sm:px-8">{children}</div>;
}

/** Gmail cuts an email off behind this. https://developers.google.com/gmail/design */
const gmailCutsAtBytes = 102 * 1024;

function Email({ preview, width, scheme }: { preview: TemplatePreview; width: Width; scheme: Scheme }) {
  const content = preview.content as { subject?: string; html?: string; text?: string; from?: string };
  const sizeBytes = new Blob([content.html ?? ""]).size;
  return (
    <div className="space-y-3">
      <div className="overflow-hidden rounded-lg border border-line bg-surface">
        <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 border-line border-b px-4 py-2.5 text-sm">
          {content.from && (
            <>
              <dt className="text-ink-muted">From</dt>
              <dd className="wrap-anywhere">{content.from}</dd>
            </>
          )}
          <dt className="text-ink-muted">Subject</dt>
          <dd className="wrap-anywhere font-medium">{content.subject}</dd>
        </dl>
        {preview.frame ? (
          <div className="flex justify-center bg-sunken">
            <Frame src={preview.frame} width={width} scheme={scheme} />
          </div>
        ) : (
          <p className="wrap-anywhere max-h-120 overflow-y-auto whitespace-pre-wrap px-4 py-3 font-mono text-sm">
            {content.text}
          </p>
        )}
      </div>
      {sizeBytes > gmailCutsAtBytes && (
        <Callout tone="warn">Its HTML has {formatBytes(sizeBytes)}; Gmail cuts an email off after 102 KB.</Callout>
      )}
      {preview.frame && content.text && (
        <details className="text-sm">
          <summary className="w-fit cursor-pointer text-ink-muted hover:text-ink">Text version</summary>
          <p className="wrap-anywhere mt-2 max-h-96 overflow-y-auto whitespace-pre-wrap rounded-lg border border-line bg-surface px-4 py-3 font-mono text-sm">
            {content.text}
          </p>
        </details>
      )}
    </div>
  );
}

/**
 * The email in its sandbox. A new one loads behind the one that is seen, and takes its place when it is there, so that
 * nothing flickers while its author types.
 */
function Frame({ src, width, scheme }: { src: string; width: Width; scheme: Scheme }) {
  const [shown, setShown] = useState(src);
  const frames = shown === src ? [src] : [shown, src];
  return (
    <div className={cn("relative h-[36rem] w-full", width === "mobile" && "max-w-[375px] border-line border-x")}>
      {frames.map((one) => (
        <iframe
          key={one}
          src={one}
          title={one === shown ? "The email as it is read" : "The next email"}
          aria-hidden={one !== shown}
          tabIndex={one === shown ? 0 : -1}
          sandbox=""
          referrerPolicy="no-referrer"
          onLoad={() => one === src && setShown(src)}
          className={cn(
            "absolute inset-0 size-full bg-white",
            scheme === "dark" ? "scheme-dark" : "scheme-light",
            one !== shown && "invisible",
          )}
        />
      ))}
    </div>
  );
}
