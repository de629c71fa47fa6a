import type { Owner } from "../owner";

/** Whose inbox: it belongs to a recipient id, stored or not, and each mode has its own. */
export interface InboxOwner extends Owner {
  recipientId: string;
}
