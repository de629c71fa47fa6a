import type { CreateTemplateBody } from "@tidings/core/templates/template-schemas";

/** A template of a seed, with how often it is sent and how urgently. */
export interface SeedTemplate {
  body: CreateTemplateBody;
  channels: readonly string[];
  /** 0 critical … 3 low. */
  priority: number;
  weight: number;
  /** What its inbox items are titled. */
  title: string;
}

const page = (heading: string, sentence: string) => `<mjml>
  <mj-body background-color="#f4f4f5">
    <mj-section background-color="#ffffff" padding="32px">
      <mj-column>
        <mj-text font-size="22px" font-weight="600">${heading}</mj-text>
        <mj-text font-size="16px" line-height="24px">${sentence}</mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>`;
const name = "{{ recipient.data.firstName }}";

/** What tenants of a seed send: each channel, some in several languages. */
export const seedTemplates: readonly SeedTemplate[] = [
  {
    channels: ["email", "push", "in_app"],
    priority: 1,
    weight: 30,
    title: "On its way",
    body: {
      key: "order_shipped",
      name: "Order shipped",
      category: "order_updates",
      draft: {
        defaultLocale: "en",
        locales: {
          en: {
            email: {
              subject: "Order {{ orderId }} is on its way 📦",
              mjml: page(`${name}, your order is on its way`, "{{ carrier }} has order {{ orderId }}."),
            },
            push: { title: "On its way", body: "{{ carrier }} has order {{ orderId }}." },
            in_app: { title: "On its way", body: "{{ carrier }} has order {{ orderId }}." },
          },
          "pt-BR": {
            email: {
              subject: "O pedido {{ orderId }} está a caminho 📦",
              mjml: page(`${name}, seu pedido está a caminho`, "A {{ carrier }} está com o pedido {{ orderId }}."),
            },
            push: { title: "A caminho", body: "A {{ carrier }} está com o pedido {{ orderId }}." },
            in_app: { title: "A caminho", body: "A {{ carrier }} está com o pedido {{ orderId }}." },
          },
          ar: {
            email: {
              subject: "طلبك {{ orderId }} في الطريق 📦",
              mjml: page(`${name}، طلبك في الطريق`, "الطلب {{ orderId }} مع {{ carrier }}."),
            },
            push: { title: "في الطريق", body: "الطلب {{ orderId }} مع {{ carrier }}." },
            in_app: { title: "في الطريق", body: "الطلب {{ orderId }} مع {{ carrier }}." },
          },
        },
      },
    },
  },
  {
    channels: ["sms"],
    priority: 0,
    weight: 18,
    title: "Your code",
    body: {
      key: "login_code",
      name: "Login code",
      category: "security",
      draft: {
        defaultLocale: "en",
        locales: {
          en: { sms: { text: "{{ code }} is your code. It is good for {{ minutes }} minutes." } },
          de: { sms: { text: "{{ code }} ist dein Code. Er gilt {{ minutes }} Minuten." } },
          he: { sms: { text: "{{ code }} הוא הקוד שלך, בתוקף {{ minutes }} דקות." } },
          ja: { sms: { text: "認証コードは{{ code }}です。{{ minutes }}分間有効です。" } },
        },
      },
    },
  },
  {
    channels: ["email"],
    priority: 2,
    weight: 16,
    title: "Your invoice",
    body: {
      key: "invoice_ready",
      name: "Invoice ready — with a name that is rather longer than a column likes to be",
      category: "billing",
      draft: {
        defaultLocale: "en",
        locales: {
          en: {
            email: {
              subject: "Your invoice over {{ amount }}",
              html: `<h1>Your invoice</h1><p>Dear ${name}, {{ amount }} are due for order {{ orderId }}.</p>`,
            },
          },
          de: {
            email: {
              subject: "Ihre Rechnung über {{ amount }}",
              html: `<h1>Ihre Rechnung</h1><p>Guten Tag ${name}, für die Bestellung {{ orderId }} sind {{ amount }} fällig.</p>`,
            },
          },
        },
      },
    },
  },
  {
    channels: ["email"],
    priority: 3,
    weight: 14,
    title: "Offers of the week",
    body: {
      key: "weekly_offers",
      name: "Offers of the week 🎉",
      category: "promotions",
      draft: {
        defaultLocale: "en",
        locales: {
          en: {
            email: {
              subject: `${name}, this week's offers 🎉`,
              mjml: page("This week's offers", "A tenth off everything until Sunday."),
            },
          },
        },
      },
    },
  },
  {
    channels: ["whatsapp", "sms"],
    priority: 1,
    weight: 9,
    title: "Almost there",
    body: {
      key: "courier_near",
      name: "Courier is near",
      category: "order_updates",
      draft: {
        defaultLocale: "en",
        locales: {
          en: {
            whatsapp: { text: "🛵 Order {{ orderId }} arrives in {{ minutes }} minutes." },
            sms: { text: "Order {{ orderId }} arrives in {{ minutes }} minutes." },
          },
          "pt-BR": {
            whatsapp: { text: "🛵 O pedido {{ orderId }} chega em {{ minutes }} minutos." },
            sms: { text: "O pedido {{ orderId }} chega em {{ minutes }} minutos." },
          },
        },
      },
    },
  },
  {
    channels: ["push", "in_app"],
    priority: 2,
    weight: 7,
    title: "How was it?",
    body: {
      key: "review_request",
      name: "Review request",
      category: "feedback",
      draft: {
        defaultLocale: "en",
        locales: {
          en: {
            push: { title: "How was it?", body: `${name}, tell others about order {{ orderId }}.` },
            in_app: { title: "How was it?", body: `${name}, tell others about order {{ orderId }}.` },
          },
        },
      },
    },
  },
];

/** What is sent without a template. */
export const seedDirect = [
  {
    channels: ["email"],
    priority: 2,
    weight: 3,
    title: "A note",
    category: null,
    content: { email: { subject: "Re: your question about the return 🙏", text: "We have found your parcel." } },
  },
  {
    channels: ["webhook"],
    priority: 2,
    weight: 2,
    title: "An event",
    category: "integrations",
    content: { webhook: { payload: { event: "stock.low", sku: "TEAPOT-BLUE" } } },
  },
  {
    channels: ["chat"],
    priority: 2,
    weight: 1,
    title: "A word to the team",
    category: "integrations",
    content: { chat: { text: "A refund over 100 € waits for somebody's approval." } },
  },
] as const;
