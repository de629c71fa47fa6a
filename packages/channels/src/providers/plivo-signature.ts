import { createHmac } from "node:crypto";
import type { ReceiptRequest } from "../receipt";
import { type FormFields, formFields } from "./receipt-body";
import { isSameText } from "./same-text";

/**
 * Whether Plivo signed a call. V3 covers the URL and the form, V2 the URL alone; messaging is documented with V2, other calls
 * come with V3, and where both stand V3 decides.
 * https://www.plivo.com/docs/voice/concepts/signature-validation and https://www.plivo.com/docs/messaging/concepts/signature-validation
 */
export function isSignedByPlivo(request: ReceiptRequest, form: FormFields, authToken: string): boolean {
  const { headers } = request;
  const v3 = headers["x-plivo-signature-v3"] ?? headers["x-plivo-signature-ma-v3"];
  if (v3 !== undefined) {
    const nonce = headers["x-plivo-signature-v3-nonce"] ?? "";
    return isOneOf(v3, sign(authToken, `${signedV3(request, form)}.${nonce}`));
  }
  const v2 = headers["x-plivo-signature-v2"] ?? headers["x-plivo-signature-ma-v2"];
  const nonce = headers["x-plivo-signature-v2-nonce"];
  if (v2 === undefined || nonce === undefined) return false;
  return isOneOf(v2, sign(authToken, split(request.url).page + nonce));
}

function sign(authToken: string, text: string): string {
  return createHmac("sha256", authToken).update(text).digest("base64");
}

/** A header may carry several signatures, one for each auth token while one is being replaced. */
function isOneOf(header: string, expected: string): boolean {
  return header.split(",").some((signature) => isSameText(signature.trim(), expected));
}

/** The URL with its query sorted, and the form's fields sorted behind it. */
function signedV3({ url, method }: ReceiptRequest, form: FormFields): string {
  const { page, query } = split(url);
  const asked = sorted(formFields(query) ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  const posted = method === "POST" ? sorted(form) : [];
  const mark = asked || posted.length > 0 ? "?" : "";
  const point = asked && posted.length > 0 ? "." : "";
  return page + mark + asked + point + posted.flat().join("");
}

function sorted(fields: FormFields): [string, string][] {
  return Object.keys(fields)
    .sort()
    .flatMap((name) =>
      [fields[name] ?? []]
        .flat()
        .sort()
        .map((value): [string, string] => [name, value]),
    );
}

function split(url: string): { page: string; query: string } {
  const [page = "", query = ""] = url.replace(/#.*$/, "").split(/\?(.*)/s);
  return { page, query };
}
