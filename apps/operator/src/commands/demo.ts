import { prepareDemo } from "../demo/prepare-demo";
import { operatorCommand } from "../operator-command";

export const demo = operatorCommand({
  name: "demo",
  description: "Make the demo tenant with a recipient, a template and two keys, where they are missing",
  args: {
    keep: { type: "string", valueHint: "key,key", description: "Keys to answer again if they are still good" },
  },
  async run({ keep }, { database, hasher }) {
    const keptKeys = keep ? keep.split(",") : [];
    const { tenantId, slug, liveKey, testKey } = await prepareDemo({ database, hasher }, keptKeys);
    const text = `Tenant    ${slug} (${tenantId})\nLive key  ${liveKey}\nTest key  ${testKey}`;
    return { data: { tenantId, slug, liveKey, testKey }, text };
  },
});
