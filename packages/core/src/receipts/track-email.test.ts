import { expect, test } from "vitest";
import { trackEmail } from "./track-email";

const tracking = {
  openUrl: "https://t.test/o.gif?a=1&b=2",
  clickUrlOf: (url: string) => (url.includes("keep") ? null : `https://t.test/c?u=${encodeURIComponent(url)}`),
};
const clicksOnly = { ...tracking, openUrl: null };
const to = (url: string) => `https://t.test/c?u=${encodeURIComponent(url)}`;

test.each([
  [`<a href="https://acme.test/a?x=1&amp;y=2">A</a>`, `<a href="${to("https://acme.test/a?x=1&y=2")}">A</a>`],
  [
    `<A class=x HREF='https://acme.test/' target=_blank>A</A>`,
    `<A class=x href="${to("https://acme.test/")}" target=_blank>A</A>`,
  ],
  [`<a href=https://acme.test/b>B</a>`, `<a href="${to("https://acme.test/b")}">B</a>`],
  [`<area href=" https://acme.test/c ">`, `<area href="${to("https://acme.test/c")}">`],
  [
    `<a href="https://one.test/" href="https://two.test/">`,
    `<a href="${to("https://one.test/")}" href="https://two.test/">`,
  ],
])("the link of %s is replaced and nothing else", (html, expected) => {
  expect(trackEmail(html, clicksOnly)).toBe(expected);
});

test.each([
  `<a href="mailto:ann@example.com">`,
  `<a href="#top">`,
  `<a href="/relative">`,
  `<a href="javascript:alert(1)">`,
  `<a href="https://">`,
  `<a href>`,
  `<a name="https://acme.test/">`,
  `<a href="https://keep.test/unsubscribe">`,
  `<link href="https://acme.test/style.css">`,
  `<!--[if mso]><a href="https://acme.test/">x</a><![endif]-->`,
  `<style>a[href="https://acme.test/"]{}</style><title><a href="https://acme.test/"></title>`,
  `&lt;a href="https://acme.test/"&gt; 1 < 2 &nbsp <b broken`,
  `<a href="https://acme.test/`,
  "",
])("%s stays as it is", (html) => {
  expect(trackEmail(html, clicksOnly)).toBe(html);
});

test("the picture stands at the end of the body, or of what there is", () => {
  const image = `<img src="https://t.test/o.gif?a=1&amp;b=2" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">`;
  expect(trackEmail("<html><body><p>Hi</p></body></html>", tracking)).toBe(
    `<html><body><p>Hi</p>${image}</body></html>`,
  );
  expect(trackEmail("<p>Hi</p>", tracking)).toBe(`<p>Hi</p>${image}`);
  expect(trackEmail("<p>Hi</p></BODY >", tracking)).toBe(`<p>Hi</p>${image}</BODY >`);
});

test("an address can't break out of its attribute", () => {
  const html = trackEmail(`<a href="https://acme.test/">`, {
    openUrl: null,
    clickUrlOf: () => `https://x.test/"><script>`,
  });
  expect(html).toBe(`<a href="https://x.test/&quot;>&lt;script>">`);
});
