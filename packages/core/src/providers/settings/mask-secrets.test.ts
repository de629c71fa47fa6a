import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { tenantProviders } from "../accounts/account-schemas";
import { providerOf } from "../accounts/account-wishes";
import { configSchemaOf, settingsOf } from "./config-schema";
import { maskSecrets, withoutSecrets } from "./mask-secrets";

const smtp = providerOf("smtp");
const mailServer = { host: "smtp.example.com", port: 587, from: "hello@acme.test" };

test("of a secret the last four characters are shown, of a short one none", () => {
  expect(maskSecrets(smtp, { ...mailServer, user: "acme", password: "0123456789abcdef" })).toEqual({
    ...mailServer,
    user: "acme",
    password: "••••cdef",
  });
  expect(maskSecrets(smtp, { password: "elevenchars" })).toEqual({ password: "••••" });
});

test("a secret within a setting is hidden too, and of a key its frame is not shown", () => {
  const { privateKey } = generateKeyPairSync("ed25519", {
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const dkim = { domainName: "acme.test", keySelector: "t1", privateKey };
  const held = privateKey.split("\n")[1] ?? "";
  expect(maskSecrets(smtp, { dkim })).toEqual({ dkim: { ...dkim, privateKey: `••••${held.slice(-4)}` } });
});

test("what the provider's schema does not know is not shown", () => {
  expect(maskSecrets(smtp, { ...mailServer, apiToken: "c4n4ry" })).toEqual(mailServer);
});

test("words that repeat a secret lose it", () => {
  const config = { ...mailServer, password: "p$&ssw0rd-c4n4ry" };
  expect(withoutSecrets(smtp, config, "535 p$&ssw0rd-c4n4ry is wrong, p$&ssw0rd-c4n4ry!")).toBe(
    "535 ••••n4ry is wrong, ••••n4ry!",
  );
});

test.each([...tenantProviders.values()])(
  "every secret of $id is a text, so that its mask can stand for it",
  (provider) => {
    const schema = configSchemaOf(provider);
    const walk = (of: typeof schema): unknown =>
      of.properties
        ? Object.fromEntries(Object.entries(of.properties).map(([name, inner]) => [name, walk(inner as typeof schema)]))
        : "s";
    for (const { schema: leaf } of settingsOf(schema, walk(schema))) {
      if (leaf.writeOnly) expect((leaf as { type?: string }).type).toBe("string");
    }
  },
);
