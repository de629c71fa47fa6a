import type { WhatsappContent } from "../channels/whatsapp";

type Template = NonNullable<WhatsappContent["providerTemplate"]>;

/** A parameter of a template as the Cloud API takes it. */
interface Parameter {
  type: "text";
  text: string;
  /** Of templates with named parameters; those with `{{1}}` go by position. */
  parameter_name?: string;
}

export interface TemplateComponent {
  type: "header" | "body" | "button";
  sub_type?: "url";
  index?: string;
  parameters: Parameter[];
}

/**
 * A template with its variables, as the Cloud API takes it.
 * Its id is the template's name, with the language behind a colon when it is not the account's: `order_sent:de`.
 * A variable's key is its number or name in the body; `header.1` is one of the header, `button.0` the one of the first button's
 * URL, which is also the code of a one-time password.
 * https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-message-templates
 */
export function templateOf({ id, variables = {} }: Template, language: string) {
  const [name = "", ownLanguage] = id.split(":");
  const places: Record<"header" | "body" | "button", [string, string][]> = { header: [], body: [], button: [] };
  for (const [key, value] of Object.entries(variables)) {
    const [, place, rest = key] = /^(header|button)\.(.+)$/.exec(key) ?? [];
    places[place === "header" || place === "button" ? place : "body"].push([rest, value]);
  }
  const components: TemplateComponent[] = [];
  if (places.header.length > 0) components.push({ type: "header", parameters: parametersOf(places.header) });
  if (places.body.length > 0) components.push({ type: "body", parameters: parametersOf(places.body) });
  for (const [index, text] of places.button) {
    components.push({ type: "button", sub_type: "url", index, parameters: [{ type: "text", text }] });
  }
  return { name, language: { code: ownLanguage ?? language }, ...(components.length > 0 && { components }) };
}

function parametersOf(variables: [string, string][]): Parameter[] {
  const isNumbered = variables.every(([key]) => /^\d+$/.test(key));
  if (!isNumbered) return variables.map(([key, text]) => ({ type: "text", parameter_name: key, text }));
  return variables.sort(([a], [b]) => Number(a) - Number(b)).map(([, text]) => ({ type: "text", text }));
}
