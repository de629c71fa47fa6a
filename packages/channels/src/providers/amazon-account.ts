import type { Agent } from "node:https";
import { z } from "zod";
import { settingsGuard } from "../outbound-guard";
import { secret } from "../provider";
import type { ProviderContext } from "../provider-context";
import { vendorAgent } from "./vendor-agent";

/** Settings that every account at Amazon has. */
export const amazonSettings = {
  /** @param permission what the key must be allowed, as IAM spells it */
  accessKeyId: (permission: string) =>
    z
      .string()
      .min(1)
      .meta({ title: "Access key ID", description: `Of an IAM user that may ${permission}. It begins with AKIA.` }),
  secretAccessKey: secret().meta({
    title: "Secret access key",
    description: "Shown by AWS once, beside the access key ID.",
  }),
  region: (description: string) =>
    z
      .string()
      .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, "must be an AWS region such as eu-central-1")
      .meta({ title: "Region", description }),
  /** The only topic that is believed: Amazon signs anybody's. */
  topicArn: (meta: { title: string; description: string }) =>
    z
      .string()
      .regex(/^arn:aws[\w-]*:sns:[\w-]+:\d+:[\w-]+$/, "must be the ARN of an SNS topic")
      .optional()
      .meta(meta),
  apiUrl: z.url().optional().meta({
    title: "API address",
    description: "Only where you reach Amazon through a gateway of your own. Empty: Amazon's own.",
    advanced: true,
  }),
};

interface AmazonAccount {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
  apiUrl?: string | undefined;
}

/** What clients of Amazon's SDK are made with. */
export interface AmazonClientOptions {
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  maxAttempts: number;
  requestHandler: { httpsAgent: Agent };
}

/** A client of Amazon's SDK under an agent of ours, which makes each call one attempt. */
export function openAmazon<Client extends { destroy(): void }>(
  { accessKeyId, secretAccessKey, region, apiUrl }: AmazonAccount,
  context: ProviderContext,
  connect: (options: AmazonClientOptions) => Client,
) {
  const vendor = vendorAgent(apiUrl, settingsGuard(context));
  const client = connect({
    region,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
    requestHandler: { httpsAgent: vendor.agent },
  });
  async function close() {
    client.destroy();
    vendor.close();
  }
  return { vendor, client, close };
}
