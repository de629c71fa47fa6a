"use client";

import { useTenant } from "../../shell/tenant-context";
import { TextLink } from "../../ui/text-link";

/** The way to a message that something is about, if it is about one. */
export function MessageLink({ id }: { id: string | null }) {
  const tenant = useTenant();
  if (id === null) return <span className="text-ink-muted">—</span>;
  return (
    <TextLink href={tenant.href(`messages/${id}`)} className="relative z-10 font-mono text-xs">
      {`${id.slice(0, 8)}…${id.slice(-6)}`}
    </TextLink>
  );
}
