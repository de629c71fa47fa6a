import { expect, test } from "vitest";
import { countSmsSegments } from "./sms-segments";

const cases: [string, string, ReturnType<typeof countSmsSegments>][] = [
  ["an empty text", "", { segments: 0, encoding: "GSM-7", characters: 0 }],
  ["160 plain characters in one", "a".repeat(160), { segments: 1, encoding: "GSM-7", characters: 160 }],
  ["161 plain characters in two", "a".repeat(161), { segments: 2, encoding: "GSM-7", characters: 161 }],
  ["306 plain characters in two of 153", "a".repeat(306), { segments: 2, encoding: "GSM-7", characters: 306 }],
  ["307 plain characters in three", "a".repeat(307), { segments: 3, encoding: "GSM-7", characters: 307 }],
  ["the euro sign as two", "€".repeat(81), { segments: 2, encoding: "GSM-7", characters: 162 }],
  ["accents of the GSM alphabet", "é à ñ Ü", { segments: 1, encoding: "GSM-7", characters: 7 }],
  ["70 Arabic letters in one", "م".repeat(70), { segments: 1, encoding: "UCS-2", characters: 70 }],
  ["71 Arabic letters in two", "م".repeat(71), { segments: 2, encoding: "UCS-2", characters: 71 }],
  ["36 emoji, 72 code units, in two", "😀".repeat(36), { segments: 2, encoding: "UCS-2", characters: 36 }],
  ["a family emoji as one character", "👩‍👩‍👧‍👦", { segments: 1, encoding: "UCS-2", characters: 1 }],
];

test.each(cases)("counts %s", (_name, text, expected) => {
  expect(countSmsSegments(text)).toEqual(expected);
});
