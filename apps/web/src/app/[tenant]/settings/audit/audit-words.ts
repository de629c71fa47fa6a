/** Actions that their names alone would say clumsily. */
const words: Readonly<Record<string, string>> = {
  "category.stored": "Category saved",
  "limits.channel_removed": "Channel limit lifted",
  "limits.channel_set": "Channel limit set",
  "limits.requests_set": "Request limit set",
  "portal.opened": "Billing portal opened",
  "providers.ordered": "Provider order changed",
  "settings.two_factor_required": "Second factor requirement changed",
  "support.closed": "Support visit ended",
  "support.opened": "Support visit begun",
  "tenant.channel_limit_removed": "Operator’s channel limit lifted",
  "tenant.channel_limit_set": "Operator’s channel limit set",
  "tenant.request_limit_set": "Operator’s request limit set",
};

/** `member.role_changed` as people say it: `Member role changed`. */
export function auditActionWords(action: string): string {
  const known = words[action];
  if (known) return known;
  const text = action.replaceAll(/[._]/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A side of a change as text, its fields in the order of their names, so that two sides compare line by line. */
export function auditValueText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return JSON.stringify(sorted(value), null, 2);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([name, field]) => [name, sorted(field)]),
  );
}
