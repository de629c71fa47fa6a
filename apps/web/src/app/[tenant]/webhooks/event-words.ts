import { type ReportEventType, reportEvents, reportEventTypes } from "@tidings/shared/report-events";

const familyNames: Readonly<Record<string, string>> = {
  notification: "Notifications: a request and what became of it as a whole",
  delivery: "Deliveries: one channel's message to one address",
  suppression: "Suppressions: addresses that must not be sent to",
  endpoint: "Endpoints",
  quota: "Quotas",
};

/** Events to choose from, by what they are about. Tests come whether or not they were asked for. */
export const eventFamilies = Object.entries(familyNames).map(([family, name]) => ({
  pattern: `${family}.*`,
  name,
  types: reportEventTypes.filter((type) => type.startsWith(`${family}.`)),
}));

/** What an event, or all of a kind, means in a sentence. */
export function meaningOf(type: string): string {
  if (type.endsWith(".*")) return `All of this kind, also those to come.`;
  return reportEvents[type as ReportEventType] ?? "";
}
