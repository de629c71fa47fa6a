import { z } from "zod";
import { defineChannel } from "../channel";
import { phoneNumber } from "./phone-number";

/** Ten concatenated GSM-7 segments (3GPP TS 23.040: 153 characters each). */
const maxLength = 1530;

const smsContent = z.strictObject({ text: z.string().min(1).max(maxLength) });
export type SmsContent = z.infer<typeof smsContent>;

export const sms = defineChannel<SmsContent>({
  id: "sms",
  addressField: { name: "phone", schema: phoneNumber },
  content: smsContent,
  template: z.strictObject({ text: z.string().min(1) }),
  htmlFields: [],
  addressesOf: ({ addresses }) => (addresses.phone ? [addresses.phone] : []),
  maxAttempts: 6,
});
