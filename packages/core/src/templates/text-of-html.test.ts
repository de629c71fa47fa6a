import { describe, expect, it, test } from "vitest";
import { deriveTextSource, textOfHtml, tidyText } from "./text-of-html";

describe("textOfHtml", () => {
  it("reads as a letter does: no shouting, links with their targets, rows on lines, no pictures, no preview line", () => {
    const html = `<html><head><title>no</title></head><body><div style="display:none;max-height:0">preview</div>
      <h1>Hello Ann</h1><p>Fish &amp; chips<br>to go</p><p><a href="https://x.test/a?b=1&amp;c=2">Track it</a></p>
      <table><tr><th>Item</th><th>Price</th></tr><tr><td>Shoe</td><td>$5</td></tr></table>
      <img src="https://x.test/i.png" alt="logo"><ul><li>one</li><li>two</li></ul></body></html>`;
    expect(textOfHtml(html)).toBe(
      [
        "Hello Ann",
        "",
        "Fish & chips",
        "to go",
        "",
        "Track it [https://x.test/a?b=1&c=2]",
        "",
        "Item Price",
        "Shoe $5",
        "",
        " * one",
        " * two",
      ].join("\n"),
    );
  });

  it("survives any depth", () => {
    expect(textOfHtml(`${"<div><b>".repeat(20_000)}x`)).toBe("...");
  });
});

describe("tidyText", () => {
  it("drops blanks at line ends and blank lines in a row", () => {
    expect(tidyText("\n a \t\n \n\n\n b\n")).toBe("a\n\n b");
  });
});

describe("deriveTextSource", () => {
  it("keeps the Liquid that is text", () => {
    const html = `<style>{{ css }}</style><p class="{{ look }}">Hello {{ name | append: "<b>" }}, {% if a < b %}yes{% endif %}</p>
      <a href="{{ url }}?x={% if y %}1{% endif %}">Open</a>{% for item in items %}<p>{{ item }}</p>{% endfor %}`;
    expect(deriveTextSource(html)).toBe(
      [
        'Hello {{ name | append: "<b>" }}, {% if a < b %}yes{% endif %}',
        "",
        "Open [{{ url }}?x={% if y %}1{% endif %}]{% for item in items %}",
        "",
        "{{ item }}",
        "",
        "{% endfor %}",
      ].join("\n"),
    );
  });

  it("keeps a link and its target within their condition", () => {
    expect(
      deriveTextSource(`{% if a %}<a href="x">t</a>{% else %}<a href="y">{% if b %}u{% endif %}</a>{% endif %}`),
    ).toBe("{% if a %}t [x]{% else %}{% if b %}u{% endif %} [y]{% endif %}");
  });

  test.each([
    ["prints HTML", "<p>{{ body | raw }}</p>"],
    ["prints line breaks", "<p>{{ body | newline_to_br | raw }}</p>"],
    ["numbers items", "<ol>{% for i in items %}<li>{{ i }}</li>{% endfor %}</ol>"],
    ["makes a variable where no text is", "<style>{% assign c = 'red' %}</style><p>{{ c }}</p>"],
    [
      "opens a link in one condition and closes it in another",
      `{% if a %}<a href="x">{% endif %}t{% if a %}</a>{% endif %}`,
    ],
  ])("gives up on HTML that %s", (_name, html) => {
    expect(deriveTextSource(html)).toBeNull();
  });
});
