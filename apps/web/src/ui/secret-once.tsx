import { Callout } from "./callout";
import { CopyButton } from "./copy-button";

/** A secret right after it was made: it cannot be had again. */
export interface SecretOnceProps {
  /** What it is: `API key`, `Signing secret`. */
  label: string;
  secret: string;
}

export function SecretOnce({ label, secret }: SecretOnceProps) {
  return (
    <div className="space-y-3">
      <div className="flex items-center gap-2 rounded-lg border border-line-strong bg-sunken py-1.5 pr-1.5 pl-3">
        <code className="wrap-anywhere min-w-0 flex-1 font-mono text-sm" data-secret>
          {secret}
        </code>
        <CopyButton text={secret} label={`Copy: ${label}`} variant="secondary" />
      </div>
      <Callout tone="warn">Copy it now and keep it safe: it is not shown again.</Callout>
    </div>
  );
}
