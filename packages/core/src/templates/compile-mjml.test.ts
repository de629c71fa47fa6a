import { setTimeout } from "node:timers/promises";
import { describe, expect, it, test } from "vitest";
import { compileMjml } from "./compile-mjml";
import { createMjmlThread, type MjmlThreadLimits } from "./mjml-thread";
import { hostileMjml } from "./testing/hostile-mjml";

const tenantId = "a tenant";
const budget = { totalMs: 60_000, leftMs: 60_000 };
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
      tenantId,
      page(`<mj-raw>${loop}</mj-raw><mj-section><mj-column>
        <mj-text>Hello ${name}${open}!${close}</mj-text><mj-button href="${url}" color="${color}">Go</mj-button>
        </mj-column></mj-section><mj-raw>${end}</mj-raw>`),
      budget,
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
    const result = await compileMjml(tenantId, source, budget);
    expect(result).toMatchObject({ ok: false, faults: faults.map((fault) => expect.stringMatching(fault)) });
  });
});

describe("createMjmlThread", () => {
  const saying = (text: string) => section(`<mj-text>${text}</mj-text>`);
  const start = (limits: Partial<MjmlThreadLimits> = {}) =>
    createMjmlThread({ timeoutMs: 30_000, idleMs: 60_000, maxWaiting: 16, maxWaitingPerTenant: 3, ...limits });

  it("gives up a source that takes too long, and serves the next", async () => {
    const thread = start({ timeoutMs: 3_000 });
    const [given, next] = await Promise.all([
      thread.compile(tenantId, hostileMjml, budget),
      thread.compile(tenantId, saying("next"), budget),
    ]);
    expect(given).toEqual({ html: "", errors: [{ message: "takes longer than 3000 ms to compile" }], givenUp: true });
    expect(next.html).toContain("next");
    expect(next.givenUp).toBeUndefined();
  });

  it("gives up a source when what it belongs to has taken too long", async () => {
    const thread = start();
    const own = { totalMs: 20_000, leftMs: 500 };
    const given = await thread.compile(tenantId, hostileMjml, own);
    const message = "with the emails before it, takes longer than 20000 ms to compile";
    expect(given).toEqual({ html: "", errors: [{ message }], givenUp: true });
    expect(own.leftMs).toBeLessThanOrEqual(0);
    expect((await thread.compile(tenantId, saying("next"), budget)).html).toContain("next");
  });

  it("starts again while or after it ends for having nothing to do", async () => {
    const idleMs = 5;
    const thread = start({ idleMs });
    for (const text of ["first", "second", "third"]) {
      const { html } = await thread.compile(tenantId, saying(text), budget);
      expect(html).toContain(text);
      await setTimeout(idleMs);
    }
  });

  it("takes only so many sources at once, of a tenant and of all, and more once those are done", async () => {
    const thread = start({ maxWaiting: 4 });
    const refused = { code: "overloaded", retryAfterSeconds: 30 };
    const taken = ["a", "a", "a"].map((tenant) => thread.compile(tenant, saying("taken"), budget));
    await expect(thread.compile("a", saying("x"), budget)).rejects.toMatchObject({
      ...refused,
      message: "Too many emails of this tenant are being compiled at once.",
    });
    taken.push(thread.compile("b", saying("taken"), budget));
    await expect(thread.compile("c", saying("x"), budget)).rejects.toMatchObject({
      ...refused,
      message: "Too many emails are being compiled at once.",
    });
    for (const { html } of await Promise.all(taken)) expect(html).toContain("taken");
    const later = await Promise.all(
      ["a", "a", "a", "c"].map((tenant) => thread.compile(tenant, saying("later"), budget)),
    );
    for (const { html } of later) expect(html).toContain("later");
  });
});
