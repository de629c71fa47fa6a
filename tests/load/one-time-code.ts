import type { CreateTemplateBody } from "@tidings/core/templates/template-schemas";
import type { Priority } from "@tidings/shared/priorities";

const sentence = "{{ code }} is your code for {{ product }}. It is good for {{ minutes }} minutes.";

/** What a load sends: the message this platform must never be late with, on every channel that has a receiver here. */
export const oneTimeCode: CreateTemplateBody = {
  key: "one_time_code",
  name: "One-time code",
  category: "security",
  draft: {
    defaultLocale: "en",
    schema: {
      type: "object",
      required: ["code", "product"],
      properties: { code: { type: "string" }, product: { type: "string" }, minutes: { type: "integer" } },
    },
    locales: {
      en: {
        email: {
          subject: "{{ code }} is your code",
          html: `<!doctype html><html><body><h1>{{ product }}</h1><p>${sentence}</p></body></html>`,
          text: sentence,
        },
        in_app: { title: "Your code", body: sentence },
        webhook: { payload: { code: "{{ code }}", product: "{{ product }}" } },
      },
    },
  },
};

/** Bodies for a load plan: `{n}` becomes the number of the notification. */
export const oneTimeCodeBodies = {
  email: bodyOf("email", { email: "n{n}@example.com" }),
  criticalEmail: bodyOf("email", { email: "n{n}@example.com" }, { priority: "critical" }),
  in_app: bodyOf("in_app", { id: "usr_{n}" }),
  webhook: (port: number) => bodyOf("webhook", { url: `http://127.0.0.1:${port}/n{n}` }),
};

function bodyOf(channel: string, recipient: object, more: { priority?: Priority } = {}): string {
  const data = { code: "{n}", product: "Acme", minutes: 10 };
  return JSON.stringify({ template: oneTimeCode.key, channel, recipient, data, ...more });
}
