/** Larger than any form that the providers post; parsing a larger one would only keep us busy. */
const maxFormBytes = 262_144;

/** Fields of a form, a repeated one as a list. */
export type FormFields = Readonly<Record<string, string | string[]>>;

/** A body of `application/x-www-form-urlencoded`, or a query; null when it is too large to be a provider's. */
export function formFields(form: Uint8Array | string): FormFields | null {
  if (form.length > maxFormBytes) return null;
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(typeof form === "string" ? form : textOf(form))) {
    const known = fields.get(name);
    fields.set(name, known === undefined ? value : [known, value].flat());
  }
  return Object.fromEntries(fields);
}

/** One value of a form's field; empty when it is absent. */
export function field(fields: FormFields, name: string): string {
  const value = Object.hasOwn(fields, name) ? fields[name] : "";
  return (Array.isArray(value) ? value[0] : value) ?? "";
}

/** A JSON body; undefined when it is none. */
export function jsonOf(body: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof body === "string" ? body : textOf(body));
  } catch {
    return undefined; // malformed input is an expected answer here, not a fault
  }
}

/** The bytes of a body as UTF-8. */
export function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
}

/** A moment as a provider wrote it, in milliseconds or as text, in RFC 3339 and UTC; now when it is none. */
export function momentOf(written: string | number | undefined): string {
  const ms = typeof written === "number" ? written : Date.parse(written ?? "");
  return new Date(Math.abs(ms) <= 8.64e15 ? ms : Date.now()).toISOString();
}
