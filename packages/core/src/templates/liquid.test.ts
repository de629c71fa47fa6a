import { describe, expect, it, test } from "vitest";
import { explainPrintError, type LiquidKind, openScope, parseLiquid, variablesOf } from "./liquid";

/** What a source prints, or what is wrong with it. */
function print(source: string, variables: object = {}, kind: LiquidKind = "text"): string {
  const result = parseLiquid(source, kind);
  if (!result.ok) return `can't be parsed: ${result.message}`;
  try {
    return openScope(variables, "en", null).print(result.parsed, kind);
  } catch (error) {
    return `can't be printed: ${explainPrintError(error).message}`;
  }
}

describe("escaping", () => {
  const hostile = { name: `<script>alert("1")</script> & 'x'` };
  const escaped = "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; &amp; &#39;x&#39;";

  test.each([
    "{{ name }}",
    "{% echo name %}",
    "{% cycle name, 1 %}",
    "{% liquid echo name %}",
    "{% for n in name %}{{ n }}{% endfor %}",
  ])("HTML escapes what %s prints", (source) => expect(print(source, hostile, "html")).toBe(escaped));

  it("HTML has what the template's author wrote as it is, and what is printed raw on purpose", () => {
    expect(print("<b>{{ name | raw }}</b>", { name: "<i>" }, "html")).toBe("<b><i></b>");
  });

  it("text is left as it is", () => {
    expect(print("{{ name }}", hostile, "text")).toBe(hostile.name);
  });

  it("keeps emoji and right-to-left text", () => {
    const name = "👩‍👩‍👧‍👦 مرحبا שלום";
    expect(print("{{ name }}", { name }, "html")).toBe(name);
    expect(print("{{ name | slice: 0 }}|{{ name | size }}", { name: "😀b" })).toBe("😀|3");
  });
});

describe("variables", () => {
  test.each([
    ["{{ order.id }}", {}, "order"],
    ["{{ order.id }}", { order: {} }, "order.id"],
    ["{% for item in items %}{{ item.name }}{% endfor %}", { items: [{}] }, "item.name"],
    ["{{ items[3] }}", { items: [] }, "items.3"],
  ])("names the missing variable of %s", (source, variables, name) => {
    expect(print(source, variables)).toBe(`can't be printed: the variable "${name}" is missing`);
  });

  it("may be absent in a condition, or with a default", () => {
    expect(print(`{% if coupon %}{{ coupon }}{% else %}none{% endif %} {{ nick | default: "you" }}`)).toBe("none you");
  });

  it("of one string are not seen by the next", () => {
    const scope = openScope({}, "en", null);
    const parsed = (source: string) => {
      const result = parseLiquid(source, "text");
      if (!result.ok) throw new Error(result.message);
      return result.parsed;
    };
    scope.print(parsed("{% assign a = 1 %}"), "text");
    expect(() => scope.print(parsed("{{ a }}"), "text")).toThrow("undefined variable: a");
  });

  it("are listed with their paths, without those the template makes itself", () => {
    const source = `{% assign total = cart.total %}{{ total }} {{ recipient.data.name }}
      {% for item in cart.items %}{{ item.name }} {{ forloop.index }}{% endfor %}{{ prices[currency] | append: suffix }}`;
    expect(variablesOf(source).sort()).toEqual([
      "cart.items",
      "cart.total",
      "currency",
      "prices[currency]",
      "recipient.data.name",
      "suffix",
    ]);
  });
});

describe("dates", () => {
  const print = (locale: string, timeZone: string | null) => {
    const result = parseLiquid(`{{ at | date: "%A %-d %B %H:%M" }}`, "text");
    if (!result.ok) throw new Error(result.message);
    return openScope({ at: "2026-03-01T20:00:00Z" }, locale, timeZone).print(result.parsed, "text");
  };

  it("are printed in the recipient's time zone, in the language of the content", () => {
    expect(print("pt-BR", "Asia/Tokyo")).toBe("segunda-feira 2 março 05:00");
  });

  it("are in UTC when no time zone is known", () => {
    expect(print("en", null)).toBe("Sunday 1 March 20:00");
  });
});

describe("hostile templates", () => {
  const missing = (name: string) => `can't be printed: the variable "${name}" is missing`;
  const tooLong = "can't be printed: takes longer than 200 ms to render";
  const tooMuch = "can't be printed: makes more than 1000000 characters and items";
  /** By either limit: which comes first depends on the machine. */
  const stopped = /^can't be printed: (makes more|takes longer) than/;
  const many = Array.from({ length: 60_000 }, () => 1);
  const nearlyMany = [...many.slice(1), 2];
  const deep = JSON.parse("[".repeat(20_000) + "]".repeat(20_000));

  test.each<[string, string, object, string | RegExp]>([
    ["a constructor", "{{ a.constructor }}", { a: {} }, missing("a.constructor")],
    ["a constructor of text", "{{ a.constructor.name }}", { a: "" }, missing("a.constructor")],
    ["a prototype", "{{ a.__proto__ }}", { a: {} }, missing("a.__proto__")],
    ["a prototype by a computed name", `{% assign b = "__proto__" %}{{ a[b] }}`, { a: [] }, missing("a.__proto__")],
    ["a method of all objects", "{{ toString }}", {}, missing("toString")],
    ["a method through a filter", `{{ a | map: "constructor" | join }}`, { a: [{}] }, ""],
    [
      "a prototype as a variable",
      "{% assign __proto__ = a %}{{ polluted }}",
      { a: { polluted: 1 } },
      missing("polluted"),
    ],
    ["a file", `{% include "/etc/passwd" %}`, {}, `can't be parsed: tag "include" not found, line:1, col:1`],
    ["a partial", `{% render "x" %}`, {}, `can't be parsed: tag "render" not found, line:1, col:1`],
    ["a layout tag", `{% layout "x" %}`, {}, `can't be parsed: tag "layout" not found, line:1, col:1`],
    ["a filter that isn't there", "{{ 1 | nope }}", {}, "can't be parsed: undefined filter: nope, line:1, col:1"],
    [
      "an expression for each item",
      `{{ a | where_exp: "x", "x" }}`,
      {},
      "can't be parsed: undefined filter: where_exp, line:1, col:1",
    ],
    ["a huge range", "{% for i in (1..1000000000) %}x{% endfor %}", {}, tooMuch],
    ["an infinite range", "{% for i in (1..n) %}x{% endfor %}", { n: "Infinity" }, tooMuch],
    ["a negative range", "{% for i in (n..1) %}x{% endfor %}", { n: -1e300 }, tooMuch],
    [
      "loops in loops",
      "{% for i in (1..999) %}{% for j in (1..999) %}{{ i | times: j }}{% endfor %}{% endfor %}",
      {},
      tooLong,
    ],
    ["a loop over a long text", `{% for i in (1..99999) %}${"x".repeat(50_000)}{% endfor %}`, {}, stopped],
    [
      "text that doubles by append",
      `{% assign a = "xx" %}${"{% assign a = a | append: a %}".repeat(40)}{{ a }}`,
      {},
      tooMuch,
    ],
    [
      "text that doubles by capture",
      `{% assign a = "xx" %}${"{% capture a %}{{ a }}{{ a }}{% endcapture %}".repeat(25)}`,
      {},
      tooMuch,
    ],
    ["a list that doubles", `${"{% assign a = a | concat: a %}".repeat(40)}{{ a | size }}`, { a: [1, 2] }, tooMuch],
    ["text that grows by encoding", `{{ a${" | url_encode".repeat(1_500)} }}`, { a: "é".repeat(100_000) }, tooMuch],
    ["text that is walked over and over", `{{ a${" | slugify".repeat(1_500)} }}`, { a: "é".repeat(100_000) }, tooMuch],
    ["a wide pad", `{{ a | date: "%999999999Y" }}`, { a: 0 }, tooMuch],
    [
      "lists compared in one condition",
      `{% if a == b${" or a == b".repeat(1_500)} %}{% endif %}`,
      { a: many, b: nearlyMany },
      tooLong,
    ],
    [
      "lists compared in one case",
      `{% case a %}{% when ${"b, ".repeat(5_000)}b %}{% endcase %}`,
      { a: many, b: nearlyMany },
      tooLong,
    ],
    ["lists sorted over and over", `{{ a${" | sort".repeat(2_000)} | size }}`, { a: many }, stopped],
    ["deep data", "{{ a | json }}", { a: deep }, "can't be printed: is nested too deeply"],
    [
      "deep data compared",
      "{% if a == b %}{% endif %}",
      { a: deep, b: deep.slice() },
      "can't be printed: is nested too deeply",
    ],
    [
      "a deep path",
      `{{ ${"a[".repeat(9_000)}1${"]".repeat(9_000)} }}`,
      {},
      "can't be parsed: has 27007 characters of Liquid; at most 20000 are allowed",
    ],
    ["a long source", "x".repeat(100_001), {}, "can't be parsed: has 100001 characters; at most 100000 are allowed"],
    [
      "a lot of markup",
      "{{ a }}".repeat(3_000),
      {},
      "can't be parsed: has 21000 characters of Liquid; at most 20000 are allowed",
    ],
    ["an unknown time zone", `{{ a | date: "%H", "No/Where" }}`, { a: 0 }, "can't be printed: "],
    ["an unclosed tag", "{% if a %}", {}, "can't be parsed: tag {% if a %} not closed, line:1, col:1"],
    ["half a tag", "{{ a", {}, `can't be parsed: output "{{ a" not closed, line:1, col:1`],
  ])("stops %s", (_name, source, variables, outcome) => {
    const printed = print(source, variables);
    if (outcome === "") expect(printed).toBe("");
    else expect(printed).toMatch(outcome);
  });

  it("share one budget over the strings of a message", () => {
    const result = parseLiquid("{{ a }}", "text");
    if (!result.ok) throw new Error(result.message);
    const scope = openScope({ a: "x".repeat(400_000) }, "en", null);
    scope.print(result.parsed, "text");
    scope.print(result.parsed, "text");
    expect(() => scope.print(result.parsed, "text")).toThrow("memory alloc limit exceeded");
  });
});

it("does not take a bug for a fault of the template", () => {
  expect(() => explainPrintError(new TypeError("x is not a function"))).toThrow(TypeError);
});
