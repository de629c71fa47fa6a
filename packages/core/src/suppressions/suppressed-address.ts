import { channels } from "@tidings/channels/registry";

/**
 * An address as suppressions hold it: in the form its channel sends to, and an email address in lower case. Mailboxes whose
 * names differ in case alone are one mailbox everywhere, and providers report them in lower case.
 * @returns null when it is no address of the channel, so that nothing is ever sent to it
 */
export function suppressedAddress(channel: string, address: string): string | null {
  const normal = channels.get(channel)?.addressField.schema.safeParse(address.trim()).data;
  return normal === undefined ? null : suppressionKey(channel, normal);
}

/** What a delivery's address is looked up by: {@link suppressedAddress} of one that is in its channel's form already. */
export function suppressionKey(channel: string, address: string): string {
  return channel === "email" ? address.toLowerCase() : address;
}
