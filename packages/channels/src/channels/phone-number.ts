import { parsePhoneNumberFromString } from "libphonenumber-js";
import { z } from "zod";

/** A phone number in E.164 form, `+14155550100`. */
export const phoneNumber = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, { message: "must be a phone number in E.164 form such as +14155550100", abort: true })
  .refine((text) => parsePhoneNumberFromString(text)?.isPossible() ?? false, "must be a possible phone number");
