import { SegmentedMessage } from "sms-segments-calculator";

/** What a text costs as SMS. */
export interface SmsSegments {
  /** Messages it is split into: what carriers bill. 0 for an empty text. */
  segments: number;
  /** GSM-7 when every character is in its alphabet, else UCS-2, which holds less than half as much. */
  encoding: "GSM-7" | "UCS-2";
  /** As the encoding counts them: GSM-7 code units (`€` takes two), or whole characters as a reader sees them. */
  characters: number;
}

/** Counts the segments of an SMS text (3GPP TS 23.040: 160 GSM-7 or 70 UCS-2 units, 153 or 67 each when there are several). */
export function countSmsSegments(text: string): SmsSegments {
  const { segmentsCount, encodingName, numberOfCharacters } = new SegmentedMessage(text);
  return { segments: text === "" ? 0 : segmentsCount, encoding: encodingName, characters: numberOfCharacters };
}
