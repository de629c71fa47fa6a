const fills = {
  accent: "text-accent",
  good: "text-good",
  warn: "text-warn",
  bad: "text-bad",
  neutral: "text-ink-muted",
};

/** A share of a whole, drawn: how healthy, how full. Say the number beside it. What is under way is a `Progress`. */
export interface MeterProps {
  /** What is measured, for screen readers. */
  label: string;
  /** 0…1 */
  share: number;
  tone?: keyof typeof fills | undefined;
  className?: string | undefined;
}

export function Meter({ label, share, tone = "accent", className }: MeterProps) {
  const percent = percentOf(share);
  return (
    <div className={className}>
      <meter aria-label={label} min={0} max={100} value={percent} className="sr-only" />
      <Bar percent={percent} className={fills[tone]} />
    </div>
  );
}

/** Something under way, of which it is known how far it is. */
export function Progress({ label, share, className }: Omit<MeterProps, "tone">) {
  const percent = percentOf(share);
  return (
    <div className={className}>
      <progress aria-label={label} max={100} value={percent} className="sr-only" />
      <Bar percent={percent} className="text-accent" />
    </div>
  );
}

function percentOf(share: number): number {
  return Math.min(100, Math.max(0, share * 100));
}

/** An SVG, because its width is an attribute: the page's policy forbids styles in the server's HTML. */
function Bar({ percent, className }: { percent: number; className: string }) {
  return (
    <svg aria-hidden="true" className="block h-1.5 w-full overflow-hidden rounded-full bg-line">
      <rect width={`${percent}%`} height="100%" rx="3" fill="currentColor" className={className} />
    </svg>
  );
}
