import { createPrivateKey } from "node:crypto";
import { secret } from "../provider";

/** A secret setting that holds a private key in PEM form. */
export function privateKey() {
  return secret().refine(
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
