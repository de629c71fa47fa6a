import { createHmac, randomBytes } from "node:crypto";
import { newUuid, publicId } from "@tidings/shared/ids";
import { Agent, request } from "undici";
import { answerQuestions, type OwnProcess, startOwnProcess } from "../../load/own-process";
import { closedLoop } from "./closed-loop";

const verbs = { measure };

/** The ceiling of webhooks: undici in one process, signing, to the same receiver, with nothing before or after it. */
export function startBareWebhooks(): OwnProcess<typeof verbs> {
  return startOwnProcess(new URL(import.meta.url));
}

export interface BareWebhooksSettings {
  port: number;
  seconds: number;
  connections: number;
  atOnce: number;
}

/** @returns webhooks a second, each signed as Standard Webhooks has it */
async function measure({ port, seconds, connections, atOnce }: BareWebhooksSettings): Promise<{ perSecond: number }> {
  const agent = new Agent({ connections });
  const secret = randomBytes(32);
  const send = async (index: number) => {
    const id = publicId("delivery", newUuid());
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const payload = JSON.stringify({ code: String(index), product: "Acme" });
    const signature = createHmac("sha256", secret).update(`${id}.${timestamp}.${payload}`).digest("base64");
    const { body } = await request(`http://127.0.0.1:${port}/n${index}`, {
      dispatcher: agent,
      method: "POST",
      headers: {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": `v1,${signature}`,
      },
      body: payload,
    });
    await body.text();
  };
  await closedLoop(send, { atOnce, seconds: Math.min(3, seconds) }); // warms up
  const perSecond = await closedLoop(send, { atOnce, seconds });
  await agent.close();
  return { perSecond };
}

if (process.send && process.argv[1] === new URL(import.meta.url).pathname) answerQuestions(verbs);
