import { describe, expect, it, test } from "vitest";
import { compileMjml } from "./compile-mjml";
import { createMjmlThread } from "./mjml-thread";

const page = (body: string, head = "") => `<mjml><mj-head>${head}</mj-head><mj-body>${body}</mj-body></mjml>`;
const section = (content: string) => page(`<mj-section><mj-column>${content}</mj-column></mj-section>`);

describe("compileMjml", () => {
  it("keeps Liquid in texts, attributes, tables and between elements", async () => {
    const tags = [
      `{{ name | append: "<b>" }}`,
      "{% if a < b %}",
      "{% endif %}",
      `{{ url | default: "https://x.test/" }}`,
      "{{ color }}",
      "{% for item in items %}",
      "{% endfor %}",
    ];
    const [name, open, close, url, color, loop, end] = tags;
    const result = await compileMjml(
      page(`<mj-raw>${loop}</mj-raw><mj-section><mj-column>
        <mj-text>Hello ${name}${open}!${close}</mj-text><mj-button href="${url}" color="${color}">Go</mj-button>
        </mj-column></mj-section><mj-raw>${end}</mj-raw>`),
    );
    expect(result).toMatchObject({ ok: true });
    const html = result.ok ? result.html : "";
    for (const tag of tags) expect(html).toContain(tag);
    expect(html).toContain(`Hello {{ name | append: "<b>" }}{% if a < b %}!{% endif %}`);
    expect(html).toContain(`href="{{ url | default: "https://x.test/" }}"`);
    expect(html.indexOf("{% for")).toBeLessThan(html.indexOf("Hello"));
  });

  test.each([
    ["no MJML", "<p>x</p>", [/enclosed in <mjml> tags/]],
    ["nothing", " ", [/Parsing failed/]],
    ["an unknown element", section("<mj-nope/>"), [/line 1, mj-nope: Element mj-nope doesn't exist/]],
    ["an element out of place", page("<mj-text>x</mj-text>"), [/mj-text cannot be used inside mj-body/]],
    ["a bad attribute", section(`<mj-text color="nope">x</mj-text>`), [/invalid value: nope for type Color/]],
    [
      "a width that isn't known yet",
      section(`<mj-image width="{{ w }}" src="x"/>`),
      [/invalid value: {{ w }} for type Unit/],
    ],
    [
      "Liquid between elements",
      page("{% if a %}<mj-section/>{% endif %}"),
      [/^{% if a %} would be lost: put it into <mj-raw>$/, /^{% endif %} would be lost/],
    ],
    ["a file", page(`<mj-include path="/etc/passwd"/>`), [/must not have mj-include/]],
  ])("refuses %s, and says where", async (_name, source, faults) => {
    const result = await compileMjml(source);
    expect(result).toEqual({ ok: false, faults: faults.map((fault) => expect.stringMatching(fault)) });
  });
});

describe("createMjmlThread", () => {
  const hostile = page(
    `<mj-section><mj-column><mj-text>${"<b>".repeat(16_000)}</mj-text></mj-column></mj-section>`,
    `<mj-style inline="inline">${"td b{x:y}".repeat(5_000)}</mj-style>`,
  );

  it("gives up a source that takes too long, and serves the next", async () => {
    const thread = createMjmlThread({ timeoutMs: 3_000, idleMs: 60_000 });
    const [given, next] = await Promise.all([
      thread.compile(hostile),
      thread.compile(section("<mj-text>next</mj-text>")),
    ]);
    expect(given).toEqual({ html: "", errors: [{ message: "takes longer than 3000 ms to compile" }] });
    expect(next.html).toContain("next");
  });

  it("starts again after it ended for having nothing to do", async () => {
    const thread = createMjmlThread({ timeoutMs: 30_000, idleMs: 0 });
    for (const text of ["first", "second", "third"]) {
      const { html } = await thread.compile(section(`<mj-text>${text}</mj-text>`));
      expect(html).toContain(text);
    }
  });
});
