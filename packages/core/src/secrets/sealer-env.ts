import { z } from "zod";
import { platformSecretSchema } from "../keys/pepper";

/** Settings of every process that seals or opens. */
export const sealerEnv = {
  TIDINGS_SECRET: platformSecretSchema,
  TIDINGS_PREVIOUS_SECRETS: z
    .string()
    .default("")
    .transform((text) => text.split(",").filter(Boolean))
    .pipe(z.array(platformSecretSchema))
    .meta({
      description:
        "Platform secrets before the current one, separated by commas, until `tidings keys rotate` has sealed everything anew",
      example: "",
    }),
};

/** The platform's secrets as `createSealer` takes them. */
export function sealingSecrets(env: {
  TIDINGS_SECRET: Buffer;
  TIDINGS_PREVIOUS_SECRETS: Buffer[];
}): [Buffer, ...Buffer[]] {
  return [env.TIDINGS_SECRET, ...env.TIDINGS_PREVIOUS_SECRETS];
}
