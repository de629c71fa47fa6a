import { CodeTabs } from "../../../ui/code-tabs";
import { Section } from "../../../ui/section";

const node = `// npm install express standardwebhooks
import express from "express";
import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.TIDINGS_WEBHOOK_SECRET); // whsec_…
const app = express();

app.post("/hooks/tidings", express.raw({ type: "application/json" }), (request, response) => {
  let event;
  try {
    event = webhook.verify(request.body, request.headers); // the raw body, not the parsed one
  } catch {
    return response.status(401).end();
  }
  response.status(204).end(); // answer within 15 seconds, work afterwards
  console.log(request.headers["webhook-id"], event.type, event.data);
});

app.listen(8080);
`;

const python = `# pip install flask standardwebhooks
import os
from flask import Flask, request
from standardwebhooks import Webhook, WebhookVerificationError

webhook = Webhook(os.environ["TIDINGS_WEBHOOK_SECRET"])  # whsec_…
app = Flask(__name__)

@app.post("/hooks/tidings")
def tidings():
    try:
        event = webhook.verify(request.get_data(), dict(request.headers))  # the raw body, not the parsed one
    except WebhookVerificationError:
        return "", 401
    print(request.headers["webhook-id"], event["type"], event["data"])
    return "", 204
`;

/** How a server verifies what it is posted. */
export function VerifySamples() {
  return (
    <Section
      title="Verify a report"
      description="Reports are signed as Standard Webhooks says, so its libraries verify them. Answer 2xx once you have it; the same report may come twice, and then has the same webhook-id."
    >
      <CodeTabs
        label="Verify a report"
        samples={[
          { language: "Node", code: node },
          { language: "Python", code: python },
        ]}
      />
    </Section>
  );
}
