"use client";

import { ExternalLink } from "lucide-react";
import { useTenant } from "../../../shell/tenant-context";
import { ButtonLink } from "../../../ui/button";
import { IdChip } from "../../../ui/id-chip";
import { Sheet } from "../../../ui/sheet";
import { MessageStoryView } from "./message-story";

/** One message beside the list: the list keeps its place. */
export function MessagePanel({ id, onClose }: { id: string | null; onClose: () => void }) {
  const tenant = useTenant();
  return (
    <Sheet
      title="Message"
      description={id && <IdChip id={id} length={24} className="-ml-1" />}
      size="lg"
      modal={false}
      open={id !== null}
      onOpenChange={(open) => !open && onClose()}
      actions={
        id && (
          <ButtonLink href={tenant.href(`messages/${id}`)} variant="ghost" size="sm">
            <ExternalLink aria-hidden />
            Open
          </ButtonLink>
        )
      }
    >
      {id && <MessageStoryView key={id} id={id} look="panel" />}
    </Sheet>
  );
}
