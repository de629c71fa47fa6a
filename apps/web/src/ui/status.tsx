import type { DeliveryStatus, NotificationStatus } from "@tidings/shared/lifecycles";
import { cva } from "class-variance-authority";
import {
  Ban,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleHelp,
  CircleMinus,
  CirclePause,
  CircleX,
  Clock,
  Eye,
  type LucideIcon,
  MousePointerClick,
  Send,
  Undo2,
} from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

/** `active` is under way, `neutral` settled without judgement, `unknown` not known. */
export type StatusTone = "good" | "warn" | "bad" | "active" | "neutral" | "unknown";

interface Face {
  tone: StatusTone;
  word: string;
  icon?: LucideIcon;
}

const toneIcons: Record<StatusTone, LucideIcon> = {
  good: CircleCheck,
  warn: CircleAlert,
  bad: CircleX,
  active: CircleDot,
  neutral: CircleMinus,
  unknown: CircleDashed,
};

const lifecycles: Record<NotificationStatus | DeliveryStatus, Face> = {
  SCHEDULED: { tone: "neutral", word: "Scheduled", icon: Clock },
  PENDING: { tone: "active", word: "Pending", icon: CircleDashed },
  PROCESSING: { tone: "active", word: "Processing" },
  QUEUED: { tone: "active", word: "Queued", icon: CircleDashed },
  SENDING: { tone: "active", word: "Sending" },
  SENT: { tone: "good", word: "Sent", icon: Send },
  DELIVERED: { tone: "good", word: "Delivered" },
  PARTIAL: { tone: "warn", word: "Partly sent" },
  UNKNOWN: { tone: "warn", word: "Unknown", icon: CircleHelp },
  FAILED: { tone: "bad", word: "Failed" },
  BOUNCED: { tone: "bad", word: "Bounced", icon: Undo2 },
  SKIPPED: { tone: "neutral", word: "Skipped" },
  CANCELED: { tone: "neutral", word: "Canceled", icon: Ban },
};

/** Everything else that has a state: attempts, receipts, reports, accounts, endpoints, keys, templates, people. */
const others = {
  accepted: { tone: "neutral", word: "Accepted" },
  opened: { tone: "good", word: "Opened", icon: Eye },
  clicked: { tone: "good", word: "Clicked", icon: MousePointerClick },
  complained: { tone: "bad", word: "Complained" },
  deferred: { tone: "warn", word: "Deferred", icon: Clock },
  rejected: { tone: "bad", word: "Rejected" },
  retrying: { tone: "warn", word: "Retrying", icon: Clock },
  waiting: { tone: "active", word: "Waiting", icon: CircleDashed },
  healthy: { tone: "good", word: "Healthy" },
  degraded: { tone: "warn", word: "Degraded" },
  failing: { tone: "bad", word: "Failing" },
  unproven: { tone: "unknown", word: "Not used yet" },
  active: { tone: "good", word: "Active" },
  enabled: { tone: "good", word: "Enabled" },
  disabled: { tone: "neutral", word: "Disabled", icon: CirclePause },
  paused: { tone: "neutral", word: "Paused", icon: CirclePause },
  expired: { tone: "warn", word: "Expired", icon: Clock },
  revoked: { tone: "neutral", word: "Revoked", icon: Ban },
  draft: { tone: "neutral", word: "Draft", icon: CircleDashed },
  published: { tone: "good", word: "Published" },
  invited: { tone: "active", word: "Invited", icon: Send },
  suppressed: { tone: "warn", word: "Suppressed", icon: Ban },
  dead: { tone: "bad", word: "Dead letter" },
  replayed: { tone: "good", word: "Replayed" },
  ok: { tone: "good", word: "OK" },
} satisfies Record<string, Face>;

const faces: Record<string, Face> = { ...lifecycles, ...others };

/** A state this component knows the word and icon of. */
export type StatusValue = keyof typeof lifecycles | keyof typeof others;

/** The word of a state, for filters and sentences. */
export function statusWord(value: StatusValue): string {
  return (faces[value] ?? { word: value }).word;
}

const statusStyles = cva(
  "inline-flex max-w-full items-center gap-1.5 whitespace-nowrap align-middle font-medium text-sm",
  {
    variants: {
      tone: {
        good: "text-good",
        warn: "text-warn",
        bad: "text-bad",
        active: "text-accent-ink",
        neutral: "text-ink-muted",
        unknown: "text-ink-muted",
      },
    },
  },
);

/** How something is: always an icon and a word, so that the colour never speaks alone. */
export type StatusProps = { className?: string | undefined } & (
  | {
      /** A state of a lifecycle; it brings tone, icon and word. */
      value: StatusValue;
      tone?: never;
      children?: never;
    }
  | {
      tone: StatusTone;
      value?: never;
      /** The word. */
      children: ReactNode;
    }
);

export function Status({ value, tone, className, children }: StatusProps) {
  const face: Face = value === undefined ? { tone, word: "" } : (faces[value] ?? { tone: "unknown", word: value });
  const Icon = face.icon ?? toneIcons[face.tone];
  return (
    <span className={cn(statusStyles({ tone: face.tone }), className)}>
      <Icon aria-hidden className="size-4 shrink-0" />
      <span className="truncate">{children ?? face.word}</span>
    </span>
  );
}
