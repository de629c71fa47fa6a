/** Where an email has the words that inboxes show after the subject. */
const places = {
  mjml: /<mj-preview>([\s\S]*?)<\/mj-preview>\s*/,
  html: /<div data-preheader[^>]*>([\s\S]*?)<\/div>\s*/,
};
export type BodyKind = keyof typeof places;

/** The preview text of a body; empty when it has none, null when the body is no whole document (a layout surrounds it). */
export function preheaderOf(body: string, kind: BodyKind): string | null {
  if (kind === "mjml" && !body.includes("<mjml")) return null;
  return places[kind].exec(body)?.[1] ?? "";
}

/** The body with another preview text. */
export function withPreheader(body: string, kind: BodyKind, text: string): string {
  if (places[kind].test(body)) {
    const kept = body.match(places[kind])?.[0].match(/\s*$/)?.[0] ?? "";
    return body.replace(places[kind], () => (text === "" ? "" : elementOf(kind, text) + kept));
  }
  if (text === "") return body;
  const element = elementOf(kind, text);
  if (kind === "html")
    return /<body[^>]*>/.test(body)
      ? body.replace(/<body[^>]*>/, (tag) => `${tag}\n${element}`)
      : `${element}\n${body}`;
  if (body.includes("<mj-head>")) return body.replace("<mj-head>", () => `<mj-head>\n    ${element}`);
  return body.replace(/<mjml[^>]*>/, (tag) => `${tag}\n  <mj-head>\n    ${element}\n  </mj-head>`);
}

function elementOf(kind: BodyKind, text: string): string {
  if (kind === "mjml") return `<mj-preview>${text}</mj-preview>`;
  return `<div data-preheader style="display:none;max-height:0;overflow:hidden">${text}</div>`;
}
