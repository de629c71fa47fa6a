import type { Route } from "../route";
import { attachmentRoutes } from "./attachments";
import { auditLogRoutes } from "./audit-log";
import { categoryRoutes } from "./categories";
import { deadLetterRoutes } from "./dead-letters";
import { inboxRoutes } from "./inbox";
import { keyRoutes } from "./keys";
import { limitRoutes } from "./limits";
import { notificationRoutes } from "./notifications";
import { peopleRoutes } from "./people";
import { providerTypeRoutes } from "./provider-types";
import { providerRoutes } from "./providers";
import { recipientRoutes } from "./recipients";
import { reportRoutes } from "./reports";
import { settingRoutes } from "./settings";
import { suppressionRoutes } from "./suppressions";
import { templateRoutes } from "./templates";
import { usageRoutes } from "./usage";
import { webhookRoutes } from "./webhooks";

/** Every route of the API. */
export const routes: readonly Route[] = [
  ...notificationRoutes,
  ...attachmentRoutes,
  ...recipientRoutes,
  ...peopleRoutes,
  ...suppressionRoutes,
  ...categoryRoutes,
  ...inboxRoutes,
  ...templateRoutes,
  ...usageRoutes,
  ...keyRoutes,
  ...providerRoutes,
  ...providerTypeRoutes,
  ...webhookRoutes,
  ...reportRoutes,
  ...limitRoutes,
  ...settingRoutes,
  ...auditLogRoutes,
  ...deadLetterRoutes,
];
