import { CodeTabs } from "../../ui/code-tabs";

/** The call, as one would write it. */
export function Sample({ apiUrl }: { apiUrl: string }) {
  return (
    <div className="min-w-0">
      <CodeTabs label="Send a message" samples={samples(apiUrl)} />
      <p className="mt-2 text-ink-muted text-sm">
        The answer is 202 with an id as soon as the message is stored for good. A test key sends to nobody.
      </p>
    </div>
  );
}

const samples = (apiUrl: string) => [
  {
    language: "curl",
    code: `curl -X POST ${apiUrl}/v1/notifications \\
  -H "x-api-key: $TIDINGS_KEY" \\
  -H "content-type: application/json" \\
  -H "idempotency-key: order-1042-shipped" \\
  -d '{
    "template": "order_shipped",
    "recipient": { "id": "usr_42" },
    "channels": ["push", "email"],
    "data": { "orderId": "1042", "carrier": "DHL" }
  }'`,
  },
  {
    language: "Node",
    code: `await fetch("${apiUrl}/v1/notifications", {
  method: "POST",
  headers: {
    "x-api-key": process.env.TIDINGS_KEY,
    "content-type": "application/json",
    "idempotency-key": "order-1042-shipped",
  },
  body: JSON.stringify({
    template: "order_shipped",
    recipient: { id: "usr_42" },
    channels: ["push", "email"],
    data: { orderId: "1042", carrier: "DHL" },
  }),
});`,
  },
  {
    language: "Python",
    code: `requests.post(
    "${apiUrl}/v1/notifications",
    headers={
        "x-api-key": os.environ["TIDINGS_KEY"],
        "idempotency-key": "order-1042-shipped",
    },
    json={
        "template": "order_shipped",
        "recipient": {"id": "usr_42"},
        "channels": ["push", "email"],
        "data": {"orderId": "1042", "carrier": "DHL"},
    },
)`,
  },
];
