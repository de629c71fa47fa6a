import type { TemplateContent } from "./template-words";

/** Something to start from. */
export interface TemplateExample {
  id: string;
  label: string;
  help: string;
  /** What a new template is called unless its author says otherwise. */
  name: string;
  category?: string;
  draft: TemplateContent;
}

const orderEmail = `<mjml>
  <mj-head>
    <mj-preview>{{ carrier }} has your parcel.</mj-preview>
    <mj-attributes>
      <mj-all font-family="system-ui, sans-serif" />
      <mj-text font-size="16px" line-height="24px" color="#17171a" />
    </mj-attributes>
  </mj-head>
  <mj-body background-color="#f1f1f3">
    <mj-section background-color="#ffffff" padding="32px 16px">
      <mj-column>
        <mj-text font-size="24px" line-height="32px" font-weight="600">On its way</mj-text>
        <mj-text>Hello {{ recipient.data.firstName | default: "there" }},</mj-text>
        <mj-text>{{ carrier }} has your parcel. It holds:</mj-text>
        <mj-text>
          <ul>
            {% for item in items %}<li>{{ item.quantity }} × {{ item.name }}</li>{% endfor %}
          </ul>
        </mj-text>
        <mj-button href="{{ trackingUrl }}" background-color="#4f4dc4" border-radius="8px">Follow the parcel</mj-button>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;

const blankEmail = `<mjml>
  <mj-body>
    <mj-section>
      <mj-column>
        <mj-text>Hello {{ name }}</mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;

/** Ready templates, the one that shows most first. Their sample data is the `examples` of their schema. */
export const templateExamples: readonly TemplateExample[] = [
  {
    id: "order",
    label: "Order shipped",
    help: "Email, SMS, push and in-app, with a list of items and sample data.",
    name: "Order shipped",
    category: "order_updates",
    draft: {
      defaultLocale: "en",
      locales: {
        en: {
          email: { subject: "Order {{ orderId }} is on its way", mjml: orderEmail },
          sms: { text: "{{ carrier }} has your order {{ orderId }}: {{ trackingUrl }}" },
          push: {
            title: "On its way",
            body: "{{ carrier }} has your order {{ orderId }}.",
            actionUrl: "{{ trackingUrl }}",
          },
          in_app: {
            title: "On its way",
            body: "{{ carrier }} has your order {{ orderId }}.",
            actionUrl: "{{ trackingUrl }}",
          },
        },
      },
      schema: {
        type: "object",
        required: ["orderId", "carrier", "trackingUrl", "items"],
        properties: {
          orderId: { type: "string" },
          carrier: { type: "string" },
          trackingUrl: { type: "string", format: "uri" },
          items: {
            type: "array",
            items: {
              type: "object",
              required: ["name", "quantity"],
              properties: { name: { type: "string" }, quantity: { type: "integer" } },
            },
          },
        },
        examples: [
          {
            orderId: "1042",
            carrier: "DHL",
            trackingUrl: "https://example.com/track/1042",
            items: [
              { name: "Desk lamp", quantity: 1 },
              { name: "Light bulb", quantity: 2 },
            ],
          },
        ],
      },
    },
  },
  {
    id: "code",
    label: "Sign-in code",
    help: "Email and SMS with a one-time code.",
    name: "Sign-in code",
    category: "security",
    draft: {
      defaultLocale: "en",
      locales: {
        en: {
          email: {
            subject: "{{ code }} is your sign-in code",
            text: "Your sign-in code is {{ code }}. It is good for {{ minutes }} minutes.\n\nIf you did not ask for it, ignore this email.\n",
          },
          sms: { text: "{{ code }} is your sign-in code, good for {{ minutes }} minutes." },
        },
      },
      schema: {
        type: "object",
        required: ["code", "minutes"],
        properties: { code: { type: "string" }, minutes: { type: "integer" } },
        examples: [{ code: "482 913", minutes: 10 }],
      },
    },
  },
  {
    id: "blank",
    label: "An email with one line",
    help: "Start from almost nothing.",
    name: "",
    draft: {
      defaultLocale: "en",
      locales: { en: { email: { subject: "Hello {{ name }}", mjml: blankEmail } } },
      schema: { type: "object", properties: { name: { type: "string" } }, examples: [{ name: "Ann" }] },
    },
  },
];
