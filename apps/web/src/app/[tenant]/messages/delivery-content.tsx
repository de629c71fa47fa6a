"use client";

import type { MessageStory } from "./use-message-story";

/** What a delivery said. */
export function DeliveryContent(_props: { delivery: MessageStory["notification"]["deliveries"][number] }) {
  return null;
}
