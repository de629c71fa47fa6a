/** `member.role_changed` as people say it: `Member role changed`. */
export function auditActionWords(action: string): string {
  const words = action.replaceAll(/[._]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
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
