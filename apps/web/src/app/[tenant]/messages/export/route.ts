import { exportNotifications } from "@tidings/core/notifications/export-notifications";
import { notificationFilters } from "@tidings/core/notifications/notification-schemas";
import { fileDownload } from "../../../../server/pages/file-download";
import { tenantRoute } from "../../../../server/pages/tenant-route";

/** The messages that the page's filters leave, as CSV. */
export const GET = tenantRoute(
  { action: "messages.read", query: notificationFilters.omit({ limit: true, cursor: true }) },
  async ({ house, owner, query, request }) =>
    fileDownload("messages.csv", exportNotifications(house.database, owner, query, request.signal), house),
);
