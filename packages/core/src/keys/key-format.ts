import { randomInt } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Mode } from "@tidings/shared/modes";

/** The parts of an API key. Only the secret is one. */
export interface KeyParts {
  mode: Mode;
  /** Public: the key is found by it. 16 base62 characters, 95 bits. */
  keyId: string;
  /** 43 base62 characters, 256 bits. */
  secret: string;
}

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const shape = /^tdg_(live|test)_([0-9A-Za-z]{16})_([0-9A-Za-z]{43})_([0-9A-Za-z]{6})$/;

/** A new random key: its parts, and its text as the caller will send it. */
export function generateKey(mode: Mode): KeyParts & { text: string } {
  const parts = { mode, keyId: randomDigits(16), secret: randomDigits(43) };
  return { ...parts, text: formatKey(parts) };
}

/** A key's text: its parts, and a checksum of them. */
export function formatKey({ mode, keyId, secret }: KeyParts): string {
  const body = `tdg_${mode}_${keyId}_${secret}`;
  return `${body}_${checksum(body)}`;
}

/** The parts of a key's text; null when it has another shape or its checksum is wrong: mistyped, cut off, made up. */
export function parseKey(text: string): KeyParts | null {
  const [, mode, keyId, secret, crc] = shape.exec(text) ?? [];
  if (mode === undefined || keyId === undefined || secret === undefined) return null;
  if (crc !== checksum(text.slice(0, -7))) return null;
  return { mode: mode as Mode, keyId, secret };
}

/** What may be shown of a key: enough to recognise it, nothing to use it. */
export function keyPrefix({ mode, keyId }: { mode: string; keyId: string }): string {
  return `tdg_${mode}_${keyId}_…`;
}

function randomDigits(length: number): string {
  return Array.from({ length }, () => digits[randomInt(62)]).join("");
}

/** CRC-32 as six base62 digits. */
function checksum(body: string): string {
  let rest = crc32(body);
  let text = "";
  for (let place = 0; place < 6; place += 1) {
    text = digits[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
