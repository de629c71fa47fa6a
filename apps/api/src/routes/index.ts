import type { Route } from "../route";
import { deadLetterRoutes } from "./dead-letters";
import { inboxRoutes } from "./inbox";
import { keyRoutes } from "./keys";
import { limitRoutes } from "./limits";
import { notificationRoutes } from "./notifications";
import { recipientRoutes } from "./recipients";
import { templateRoutes } from "./templates";
import { usageRoutes } from "./usage";

/** Every route of the API. */
export const routes: readonly Route[] = [
  ...notificationRoutes,
  ...recipientRoutes,
  ...inboxRoutes,
  ...templateRoutes,
  ...usageRoutes,
  ...keyRoutes,
  ...limitRoutes,
  ...deadLetterRoutes,
];
