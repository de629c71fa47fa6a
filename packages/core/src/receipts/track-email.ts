import { Tokenizer, type TokenizerCallbacks } from "htmlparser2";

export interface EmailTracking {
  /** Address of a picture that tells of being loaded; null: opens are not told. */
  openUrl: string | null;
  /** What a link leads to instead, so that its click is told; null leaves the link as it is. */
  clickUrlOf(url: string): string | null;
}

interface Splice {
  start: number;
  end: number;
  text: string;
}

/** Links as far as they are followed by a click. */
const linkTags = new Set(["a", "area"]);

/**
 * An email's HTML with links that tell of a click and a picture that tells of being loaded. Everything else stays as it is,
 * to the letter: comments for Outlook, broken markup, entities.
 */
export function trackEmail(html: string, { openUrl, clickUrlOf }: EmailTracking): string {
  const { links, bodyEnd } = placesIn(html);
  const splices = links.flatMap(({ start, end, url }): Splice[] => {
    const instead = clickUrlOf(url);
    return instead === null ? [] : [{ start, end, text: `href="${escaped(instead)}"` }];
  });
  if (openUrl !== null) {
    const style = "display:block;width:1px;height:1px;border:0";
    const text = `<img src="${escaped(openUrl)}" width="1" height="1" alt="" style="${style}">`;
    splices.push({ start: bodyEnd, end: bodyEnd, text });
  }
  return spliced(html, splices);
}

/** A link's attribute, from its name to behind its value, and where it leads to. */
interface Link {
  start: number;
  end: number;
  url: string;
}

/** Where the links are, and where the body ends. */
function placesIn(html: string): { links: Link[]; bodyEnd: number } {
  const links: Link[] = [];
  let bodyEnd: number | null = null;
  let tag = "";
  let name = { start: 0, text: "" };
  let value = "";
  let hasLink = false;
  const nothing = () => {};
  const callbacks: TokenizerCallbacks = {
    onopentagname(start, end) {
      tag = html.slice(start, end).toLowerCase();
      hasLink = false;
    },
    onattribname(start, end) {
      name = { start, text: html.slice(start, end).toLowerCase() };
      value = "";
    },
    onattribdata(start, end) {
      value += html.slice(start, end);
    },
    onattribentity(codePoint) {
      value += String.fromCodePoint(codePoint);
    },
    onattribend(_quote, end) {
      // Of an attribute that stands there twice, the first one counts.
      if (hasLink || name.text !== "href" || !linkTags.has(tag)) return;
      hasLink = true;
      const url = value.trim();
      if (isWeb(url)) links.push({ start: name.start, end, url });
    },
    onclosetag(start, end) {
      if (html.slice(start, end).toLowerCase() === "body") bodyEnd = html.lastIndexOf("<", start);
    },
    oncdata: nothing,
    oncomment: nothing,
    ondeclaration: nothing,
    onend: nothing,
    onopentagend: nothing,
    onprocessinginstruction: nothing,
    onselfclosingtag: nothing,
    ontext: nothing,
    ontextentity: nothing,
  };
  const tokenizer = new Tokenizer({ decodeEntities: true }, callbacks);
  tokenizer.write(html);
  tokenizer.end();
  return { links, bodyEnd: bodyEnd ?? html.length };
}

function isWeb(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

function spliced(html: string, splices: readonly Splice[]): string {
  let done = "";
  let at = 0;
  for (const { start, end, text } of splices.toSorted((one, other) => one.start - other.start)) {
    done += html.slice(at, start) + text;
    at = end;
  }
  return done + html.slice(at);
}
