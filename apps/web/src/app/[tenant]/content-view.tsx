"use client";

import { useState } from "react";
import { Callout } from "../../ui/callout";
import { cn } from "../../ui/cn";
import { Fold } from "../../ui/fold";
import { formatBytes } from "../../ui/format-number";
import { JsonView } from "../../ui/json-view";

/** What is said on a channel, as its reader gets it. */
export interface ContentViewProps {
  channel: string;
  /** In the shape of the channel. */
  content: Record<string, unknown>;
  /** Of a text message. */
  sms: { segments: number; characters: number; encoding: string } | null;
  /** The address of the frame that shows an email's HTML; null when it has none. */
  frame: string | null;
  width?: ContentWidth | undefined;
  /** Colours of the mail client. */
  scheme?: ContentScheme | undefined;
}
export type ContentWidth = "desktop" | "mobile";
export type ContentScheme = "light" | "dark";

export function ContentView({ channel, content, sms, frame, width = "desktop", scheme = "light" }: ContentViewProps) {
  const text = (name: string) => (typeof content[name] === "string" ? content[name] : "");
  switch (channel) {
    case "email":
      return <Email content={content} frame={frame} width={width} scheme={scheme} />;
    case "sms":
    case "whatsapp":
      return (
        <Phone>
          <p className="wrap-anywhere w-fit max-w-[85%] whitespace-pre-wrap rounded-lg rounded-bl-sm bg-raised px-3 py-2 shadow-pop">
            {text("text") || <span className="text-ink-muted">An approved template of the provider’s</span>}
          </p>
          {sms && (
            <p className="mt-2 text-ink-muted text-xs">
              {sms.segments} {sms.segments === 1 ? "segment" : "segments"} · {sms.characters} characters ·{" "}
              {sms.encoding}
              {sms.encoding === "UCS-2" && ": a character outside GSM-7 halves what fits"}
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

type EmailProps = Pick<ContentViewProps, "content" | "frame"> & { width: ContentWidth; scheme: ContentScheme };

function Email({ content: said, frame, width, scheme }: EmailProps) {
  const content = said as { subject?: string; html?: string; text?: string; from?: string };
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
        {frame ? (
          <div className="flex justify-center bg-sunken">
            <Frame src={frame} width={width} scheme={scheme} />
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
      {frame && content.text && (
        <Fold title="Text version">
          <p className="wrap-anywhere max-h-96 overflow-y-auto whitespace-pre-wrap rounded-lg border border-line bg-surface px-4 py-3 font-mono text-sm">
            {content.text}
          </p>
        </Fold>
      )}
    </div>
  );
}

/**
 * The email in its sandbox. A new one loads behind the one that is seen, and takes its place when it is there, so that
 * nothing flickers while its author types.
 */
function Frame({ src, width, scheme }: { src: string; width: ContentWidth; scheme: ContentScheme }) {
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
