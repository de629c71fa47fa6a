/** Names of fields whose values are never written down. */
const secretName = /secret|password|token|credential|authorization|apikey|api_key|private|config|headers|^key$|^text$/i;
const deepest = 8;
/** Longer texts, such as a template's, are cut: the log says that it changed, versions say how. */
const longestText = 500;

/** A value as it may stand in the audit log: JSON, secrets replaced, long texts cut. */
export function redactSecrets(value: unknown, depth = 0): unknown {
  if (value === undefined || value === null) return null;
  // Well formed: Postgres takes no half of an emoji.
  if (typeof value === "string")
    return value.length > longestText ? `${value.slice(0, longestText).toWellFormed()}…` : value.toWellFormed();
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object") return value;
  if (value instanceof Date) return value.toISOString();
  if (depth >= deepest) return "…";
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redactSecrets(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      secretName.test(name) && field !== null ? "[redacted]" : redactSecrets(field, depth + 1),
    ]),
  );
}
