/** What a form says, as Stripe reads it: `items[0][price]=p` is `{ items: { 0: { price: "p" } } }`. */
export interface Form {
  [name: string]: string | Form | undefined;
}

export function readForm(text: string): Form {
  const form: Form = Object.create(null) as Form;
  for (const [name, value] of new URLSearchParams(text)) {
    const path = name.split("[").map((part) => part.replace(/\]$/, ""));
    let place = form;
    for (const part of path.slice(0, -1)) {
      const known = place[part];
      const inner = typeof known === "object" ? known : (Object.create(null) as Form);
      place[part] = inner;
      place = inner;
    }
    const last = path.at(-1) ?? "";
    place[last === "" ? String(Object.keys(place).length) : last] = value;
  }
  return form;
}

export function textOf(form: Form, name: string): string | undefined {
  const value = form[name];
  return typeof value === "string" ? value : undefined;
}

export function numberOf(form: Form, name: string): number | undefined {
  const text = textOf(form, name);
  return text === undefined ? undefined : Number(text);
}

export function formOf(form: Form, name: string): Form {
  const value = form[name];
  return typeof value === "object" ? value : {};
}

/** The forms of a list. */
export function formsOf(form: Form, name: string): Form[] {
  return Object.values(formOf(form, name)).filter((value) => typeof value === "object");
}

/** The texts of a list, or of a map. */
export function textsOf(form: Form, name: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(formOf(form, name)).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])),
  );
}
