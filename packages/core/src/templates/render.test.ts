import { channels } from "@tidings/channels/registry";
import { describe, expect, it, test } from "vitest";
import { compileEmail } from "./compile-email";
import { createRenderer, type RenderRequest, renderTemplate } from "./render";
import type { CompiledContent } from "./template-content";

const recipient = { id: "usr_42", locale: "pt-BR", timeZone: "Europe/Lisbon", data: { firstName: "Ann" } };

/** A request to render one channel's content, given in English. */
function request(channel: string, fields: Record<string, unknown>, data: Record<string, unknown> = {}): RenderRequest {
  const content: CompiledContent = { defaultLocale: "en", locales: { en: { [channel]: fields } } };
  return { content, channel, locale: null, data, recipient };
}
const render = (...args: Parameters<typeof request>) => renderTemplate(request(...args));

/** The same for an email, compiled as it is when it is published. */
async function renderEmail(fields: { subject: string; html?: string; mjml?: string; text?: string }, data = {}) {
  const result = await compileEmail("a tenant", fields, null, { totalMs: 10_000, leftMs: 10_000 });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  const given = request("email", fields, data);
  return renderTemplate({ ...given, content: { ...given.content, emails: { en: result.compiled } } });
}

describe("every channel", () => {
  const samples: Record<string, { template: Record<string, unknown>; content: unknown }> = {
    email: {
      template: { subject: "Hi {{ n }}", text: "Order {{ id }}", from: "{{ n }} <a@x.test>", replyTo: "b@x.test" },
      content: { subject: "Hi A & B", text: "Order 7", from: "A & B <a@x.test>", replyTo: "b@x.test" },
    },
    sms: { template: { text: "Hi {{ n }}" }, content: { text: "Hi A & B" } },
    whatsapp: {
      template: { providerTemplate: { id: "HX1", variables: { "1": "{{ n }}" } } },
      content: { providerTemplate: { id: "HX1", variables: { "1": "A & B" } } },
    },
    push: {
      template: {
        title: "{{ n }}",
        body: "b",
        data: { order: "{{ id }}" },
        imageUrl: "{% if image %}{{ image }}{% endif %}",
      },
      content: { title: "A & B", body: "b", data: { order: "7" } },
    },
    in_app: {
      template: { title: "t", body: "{{ n }}", data: { deep: [{ id: "{{ id }}", count: 3, ok: true, none: null }] } },
      content: { title: "t", body: "A & B", data: { deep: [{ id: "7", count: 3, ok: true, none: null }] } },
    },
    webhook: {
      template: { payload: { "{{ n }}": "{{ n }}", list: [1, "{{ recipient.data.firstName }}"] } },
      content: { payload: { "{{ n }}": "A & B", list: [1, "Ann"] } },
    },
    chat: {
      template: { text: "**{{ n }}**", actionUrl: "https://x.test/{{ id }}" },
      content: { text: "**A & B**", actionUrl: "https://x.test/7" },
    },
  };

  test.each([...channels.keys()])("%s gets its fields rendered, at any depth", (channel) => {
    const { template = {}, content } = samples[channel] ?? {};
    const result = render(channel, template, { n: "A & B", id: 7 });
    expect(result).toEqual({ ok: true, locale: "en", content });
  });
});

describe("data", () => {
  it("that is missing is named with its field", () => {
    expect(render("push", { title: "t", body: "b", data: { a: "{{ order.id }}" } }, { order: {} })).toEqual({
      ok: false,
      reason: `push.data.a: the variable "order.id" is missing`,
      variable: "order.id",
    });
    expect(render("webhook", { payload: { list: ["x", { a: "{{ id }}" }] } })).toMatchObject({
      reason: `webhook.payload.list[1].a: the variable "id" is missing`,
    });
  });

  it("can't pretend to be the recipient", () => {
    const result = render(
      "sms",
      { text: "{{ recipient.data.firstName }}" },
      { recipient: { data: { firstName: "Eve" } } },
    );
    expect(result).toMatchObject({ content: { text: "Ann" } });
  });

  it("is never changed", () => {
    const data = Object.freeze({ n: 1 });
    expect(render("sms", { text: "{% increment n %}{% increment n %}" }, data)).toMatchObject({
      content: { text: "12" },
    });
    expect(data.n).toBe(1);
  });

  it("with the key __proto__ stays data", () => {
    const payload = JSON.parse(`{ "in": { "__proto__": { "a": "{{ x }}" } } }`);
    const result = render("webhook", { payload }, JSON.parse(`{ "x": "1", "__proto__": { "y": 2 } }`));
    expect(JSON.stringify(result)).toContain(`"payload":{"in":{"__proto__":{"a":"1"}}}`);
  });
});

describe("a message that can't be sent", () => {
  test.each<[string, string, Record<string, unknown>, Record<string, unknown>, string]>([
    ["a blank subject", "email", { subject: "{{ s }}", text: "x" }, { s: " \r\n " }, "email.subject is blank"],
    ["a blank text", "sms", { text: " {{ s }}" }, { s: "" }, "sms.text is blank"],
    ["no body", "email", { subject: "s", text: "{{ s }}" }, { s: "" }, "email: must have html, text or both"],
    [
      "a bad sender",
      "email",
      { subject: "s", text: "x", from: "{{ s }}" },
      { s: "me" },
      "email.from: must be an email address",
    ],
    ["a long text", "sms", { text: "{{ s }}" }, { s: "x".repeat(2_000) }, "sms.text: Too big"],
    [
      "a bad picture",
      "push",
      { title: "t", body: "b", imageUrl: "{{ s }}" },
      { s: "http://x" },
      "push.imageUrl: must be an https",
    ],
    ["a wrong tag", "sms", { text: "{% nope %}" }, {}, `sms.text: tag "nope" not found`],
    ["an endless loop", "sms", { text: "{% for i in (1..n) %}{% endfor %}" }, { n: 1e9 }, "sms.text: makes more than"],
  ])("says so of %s", (_name, channel, fields, data, reason) => {
    const result = render(channel, fields, data);
    expect(result).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  it("says so when there is nothing for the channel", () => {
    expect(renderTemplate({ ...request("sms", { text: "x" }), channel: "email" })).toEqual({
      ok: false,
      reason: "the template has no content for email",
    });
  });
});

describe("a message that is slow", () => {
  it("fails when it is slow by itself", () => {
    const result = render("sms", {
      text: "{% for i in (1..999) %}{% for j in (1..999) %}{{ j }}{% endfor %}{% endfor %}",
    });
    expect(result).toEqual({ ok: false, reason: "sms.text: takes longer than 200 ms to render" });
  });

  it("is rendered all the same when the process was held up meanwhile", () => {
    let pauses = 1;
    const holdUp = () => {
      if (pauses-- > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
      return "Ann";
    };
    const person = Object.defineProperty({}, "name", { get: holdUp, enumerable: true });
    expect(render("sms", { text: "{{ person.name }} {{ person.name }}" }, { person })).toMatchObject({
      content: { text: "Ann Ann" },
    });
  });
});

describe("headers", () => {
  test.each(["\r\n", "\n", "\r", "\u0000", "\u0085", "\t\v\f", "\r\n\r\n"])("never get %j", async (breaks) => {
    const evil = `x${breaks}Bcc: eve@x.test`;
    const fields = {
      subject: "{{ evil }}",
      text: "t",
      from: "{{ evil }} <a@x.test>",
      replyTo: "{{ evil }} <a@x.test>",
    };
    const result = render("email", fields, { evil });
    expect(result).toMatchObject({
      ok: true,
      content: {
        subject: "x Bcc: eve@x.test",
        from: "x Bcc: eve@x.test <a@x.test>",
        replyTo: "x Bcc: eve@x.test <a@x.test>",
      },
    });
  });

  it("take emoji and right-to-left text", () => {
    expect(render("email", { subject: "{{ s }}", text: "t" }, { s: "🎉 مرحبا שלום" })).toMatchObject({
      content: { subject: "🎉 مرحبا שלום" },
    });
  });
});

describe("emails", () => {
  it("escape in HTML, not in the subject or the text", async () => {
    const result = await renderEmail({ subject: "{{ n }}", html: "<p>Dear {{ n }}</p>" }, { n: "<A & B>" });
    expect(result).toMatchObject({
      content: { subject: "<A & B>", html: "<p>Dear &lt;A &amp; B&gt;</p>", text: "Dear <A & B>" },
    });
  });

  it("have a text made from rendered HTML where it can't be made before", async () => {
    const result = await renderEmail(
      { subject: "s", html: "<p>{{ body | raw }}</p>" },
      { body: "<b>Fish</b> &amp; chips" },
    );
    expect(result).toMatchObject({ content: { html: "<p><b>Fish</b> &amp; chips</p>", text: "Fish & chips" } });
  });

  it("keep the text that was written", async () => {
    const result = await renderEmail({ subject: "s", html: "<p>{{ a }}</p>", text: "A:\n\n\n\n {{ a }}" }, { a: "<" });
    expect(result).toMatchObject({ content: { html: "<p>&lt;</p>", text: "A:\n\n\n\n <" } });
  });

  it("are left without a text rather than with an empty one", async () => {
    const result = await renderEmail({ subject: "s", html: `<img src="x.png">` });
    expect(result).toEqual({ ok: true, locale: "en", content: { subject: "s", html: `<img src="x.png">` } });
  });

  it("print loops in HTML and text alike", async () => {
    const mjml = `<mjml><mj-body><mj-raw>{% for i in items %}</mj-raw><mj-section><mj-column>
      <mj-text>{{ i.name }}: {{ i.price }}</mj-text></mj-column></mj-section><mj-raw>{% endfor %}</mj-raw></mj-body></mjml>`;
    const items = [
      { name: "Shoe", price: "$5" },
      { name: "Hat", price: "$7" },
    ];
    const result = await renderEmail({ subject: "s", mjml }, { items });
    expect(result).toMatchObject({ ok: true, content: { text: "Shoe: $5\n\nHat: $7" } });
  });

  it("that were stored without being compiled are rendered as they are written", () => {
    const result = render("email", { subject: "s", html: "<p>{{ a }}</p>" }, { a: "<" });
    expect(result).toMatchObject({ content: { html: "<p>&lt;</p>", text: "<" } });
  });
});

describe("locales", () => {
  it("of the reader choose the content, and the language of its dates", () => {
    const content: CompiledContent = {
      defaultLocale: "en",
      locales: {
        en: { sms: { text: `{{ at | date: "%B" }}` }, push: { title: "t", body: "b" } },
        pt: { sms: { text: `em {{ at | date: "%B %H:%M" }}` } },
      },
    };
    const data = { at: "2026-07-01T10:00:00Z" };
    const render = (channel: string, locale: string) => renderTemplate({ content, channel, locale, data, recipient });
    expect(render("sms", "pt-BR")).toEqual({ ok: true, locale: "pt", content: { text: "em julho 11:00" } });
    expect(render("sms", "de")).toEqual({ ok: true, locale: "en", content: { text: "July" } });
    expect(render("push", "pt-BR")).toMatchObject({ ok: true, locale: "en" });
  });
});

describe("createRenderer", () => {
  const id = { templateId: "t", version: 1 };

  it("compiles a version once", () => {
    const renderer = createRenderer({ maxCompiled: 10 });
    expect(renderer.render({ ...id, ...request("sms", { text: "a {{ n }}" }, { n: 1 }) })).toMatchObject({
      content: { text: "a 1" },
    });
    // Content of a version never changes, so this shows where the second answer comes from.
    expect(renderer.render({ ...id, ...request("sms", { text: "b" }, { n: 2 }) })).toMatchObject({
      content: { text: "a 2" },
    });
    expect(renderer.render({ ...id, version: 2, ...request("sms", { text: "b" }) })).toMatchObject({
      content: { text: "b" },
    });
    expect(renderer.render({ ...id, templateId: "u", ...request("sms", { text: "c" }) })).toMatchObject({
      content: { text: "c" },
    });
  });

  it("forgets what has not been used for longest", () => {
    const renderer = createRenderer({ maxCompiled: 2 });
    for (const version of [1, 2, 3]) renderer.render({ ...id, version, ...request("sms", { text: `${version}` }) });
    expect(renderer.render({ ...id, version: 3, ...request("sms", { text: "new" }) })).toMatchObject({
      content: { text: "3" },
    });
    expect(renderer.render({ ...id, version: 1, ...request("sms", { text: "new" }) })).toMatchObject({
      content: { text: "new" },
    });
  });
});
