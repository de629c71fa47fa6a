import { createHash } from "node:crypto";
import { idsBeginningLike } from "@tidings/shared/ids";

/**
 * The id of a notification's delivery to one address on one channel: the notification's first 96 bits, then 32 bits of a
 * hash of all three. Planning twice gives the same ids, so inserting twice changes nothing.
 * @param salt told apart only when two addresses of one notification hash alike
 */
export function deliveryId(notificationId: string, channel: string, address: string, salt = 0): string {
  const hash = createHash("sha256")
    .update(`${notificationId}\n${channel}\n${address}\n${salt || ""}`)
    .digest("hex");
  return idsBeginningLike(notificationId).first.slice(0, 28) + hash.slice(0, 8);
}
