import type { Attachment } from "@tidings/channels/channels/email";

/** An upload as an accepted email names it: all but its bytes, as it was when the email was accepted. */
export interface PinnedAttachment {
  /** Its public id. */
  id: string;
  filename: string;
  contentType: string;
  sizeBytes: number;
}

/** The files that go along with a message; none for any channel but email. */
export function attachmentsOf(content: unknown): readonly (Attachment | PinnedAttachment)[] {
  return (content as { attachments?: (Attachment | PinnedAttachment)[] } | null)?.attachments ?? [];
}
