import type { CreateTemplateBody } from "@tidings/core/templates/template-schemas";

const mjml = (heading: string, sentence: string, button: string) => `<mjml>
  <mj-body background-color="#f4f4f5">
    <mj-section background-color="#ffffff" padding="32px">
      <mj-column>
        <mj-text font-size="22px" font-weight="600">${heading}</mj-text>
        <mj-text font-size="16px" line-height="24px">${sentence}</mj-text>
        <mj-button background-color="#18181b" href="https://example.com/orders/{{ orderId | url_encode }}">${button}</mj-button>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>`;

const actionUrl = "https://example.com/orders/{{ orderId | url_encode }}";
const payload = { event: "order.shipped", orderId: "{{ orderId }}", carrier: "{{ carrier }}" };

/** A template that speaks every channel in two languages. */
export const orderShipped: CreateTemplateBody = {
  key: "order_shipped",
  name: "Order shipped",
  category: "order_updates",
  draft: {
    defaultLocale: "en",
    schema: {
      type: "object",
      required: ["orderId", "carrier"],
      properties: { orderId: { type: "string" }, carrier: { type: "string" } },
    },
    locales: {
      en: {
        email: {
          subject: "Order {{ orderId }} is on its way",
          mjml: mjml(
            "Your order is on its way",
            "{{ carrier }} has order {{ orderId }} and will bring it to you soon.",
            "See the order",
          ),
        },
        sms: { text: "Order {{ orderId }} is on its way with {{ carrier }}." },
        whatsapp: { text: "Order {{ orderId }} is on its way with {{ carrier }}." },
        push: { title: "On its way", body: "{{ carrier }} has order {{ orderId }}.", actionUrl },
        in_app: { title: "On its way", body: "{{ carrier }} has order {{ orderId }}.", actionUrl },
        webhook: { payload },
      },
      "pt-BR": {
        email: {
          subject: "O pedido {{ orderId }} está a caminho",
          mjml: mjml(
            "Seu pedido está a caminho",
            "A {{ carrier }} está com o pedido {{ orderId }} e vai entregá-lo em breve.",
            "Ver o pedido",
          ),
        },
        sms: { text: "O pedido {{ orderId }} está a caminho com a {{ carrier }}." },
        whatsapp: { text: "O pedido {{ orderId }} está a caminho com a {{ carrier }}." },
        push: { title: "A caminho", body: "A {{ carrier }} está com o pedido {{ orderId }}.", actionUrl },
        in_app: { title: "A caminho", body: "A {{ carrier }} está com o pedido {{ orderId }}.", actionUrl },
        webhook: { payload },
      },
    },
  },
};
