import { prepareDemo } from "../demo/prepare-demo";
import { operatorCommand } from "../operator-command";

export const demo = operatorCommand({
  name: "demo",
  description: "Make the demo tenant with a recipient, a template, two keys and a person, where they are missing",
  args: {
    keep: { type: "string", valueHint: "key,key", description: "Keys to answer again if they are still good" },
    "keep-password": { type: "string", description: "The person's password, to answer again if it is still theirs" },
  },
  async run({ keep, "keep-password": keptPassword }, { database, hasher, passwords }) {
    const keptKeys = keep ? keep.split(",") : [];
    const demo = await prepareDemo({ database, hasher, passwords }, { keptKeys, keptPassword });
    const { tenantId, slug, liveKey, testKey, login } = demo;
    const password = login.password ?? "the password shown when this was first run, or chosen since";
    const text = [
      `Tenant    ${slug} (${tenantId})`,
      `Live key  ${liveKey}`,
      `Test key  ${testKey}`,
      `Login     ${login.email} / ${password}`,
    ].join("\n");
    return { data: demo, text };
  },
});
