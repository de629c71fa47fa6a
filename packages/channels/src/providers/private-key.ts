import { createPrivateKey } from "node:crypto";
import { secret } from "../provider";

/** Marks a text setting of several lines in PEM form, so that forms give it room. */
export const pemMediaType = "application/x-pem-file";

/** A secret setting that holds a private key in PEM form. */
export function privateKey() {
  return secret()
    .meta({ contentMediaType: pemMediaType })
    .refine(
      (pem) => {
        try {
          createPrivateKey(pem);
          return true;
        } catch {
          return false; // malformed input is an expected answer here, not a fault
        }
      },
      { message: "must be a private key in PEM form", abort: true },
    );
}
