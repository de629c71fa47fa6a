import { describe, expect, it } from "vitest";
import { keyPepper, platformSecretSchema } from "./pepper";

const secret = Buffer.alloc(32, 7);

describe("keyPepper", () => {
  it("is the same for the same secret, another for another, and never the secret itself", () => {
    expect(keyPepper(secret)).toEqual(keyPepper(Buffer.alloc(32, 7)));
    expect(keyPepper(secret)).not.toEqual(keyPepper(Buffer.alloc(32, 8)));
    expect(keyPepper(secret)).not.toEqual(secret);
    expect(keyPepper(secret)).toHaveLength(32);
  });

  it("stays what it is, or every stored key would become unknown", () => {
    expect(keyPepper(secret).toString("hex")).toBe("6a3e9959266a3b158d9bc15d6d7025ca0d44d966d7c51d492b6b77d540021b90");
  });
});

describe("platformSecretSchema", () => {
  it("takes 32 bytes in base64", () => {
    expect(platformSecretSchema.parse(secret.toString("base64"))).toEqual(secret);
  });

  it.each([
    ["no base64", "not base64!"],
    ["too short", Buffer.alloc(31).toString("base64")],
    ["nothing", ""],
  ])("refuses %s", (_, text) => expect(platformSecretSchema.safeParse(text).success).toBe(false));
});
