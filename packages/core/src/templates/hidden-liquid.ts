import { randomBytes } from "node:crypto";
import { liquidMarkup } from "./liquid";

/** A source whose Liquid is hidden behind plain words, so that a tool which knows nothing of Liquid can't break it. */
export interface HiddenLiquid {
  /** The source with a word in the place of each tag. */
  text: string;
  /** The tags, in the order they came. */
  tags: readonly string[];
  /** Which of the tags a text made from `text` still has, by their position in `tags`. */
  survivorsIn(text: string): ReadonlySet<number>;
  /** Puts the tags back into a text made from `text`. */
  restore(text: string): string;
}

/** Hides the Liquid tags of a source. */
export function hideLiquid(source: string): HiddenLiquid {
  const nonce = randomBytes(6).toString("hex"); // so that no source can hold our words
  const word = new RegExp(`q${nonce}n(\\d+)z`, "g");
  const tags: string[] = [];
  const text = source.replace(liquidMarkup, (tag) => `q${nonce}n${tags.push(tag) - 1}z`);
  return {
    text,
    tags,
    survivorsIn: (made) => new Set([...made.matchAll(word)].map((match) => Number(match[1]))),
    restore: (made) => made.replace(word, (_, position: string) => tags[Number(position)] ?? ""),
  };
}
