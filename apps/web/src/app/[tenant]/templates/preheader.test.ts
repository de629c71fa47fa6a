import { expect, it } from "vitest";
import { preheaderOf, withPreheader } from "./preheader";

const bodies = {
  mjml: ["<mjml><mj-body/></mjml>", "<mjml>\n  <mj-head>\n    <mj-title>t</mj-title></mj-head><mj-body/></mjml>"],
  html: ["<p>Hi</p>", "<html><body class='a'><p>Hi</p></body></html>"],
} as const;

it.each((["mjml", "html"] as const).flatMap((kind) => bodies[kind].map((body) => [kind, body] as const)))(
  "the preview text of %s is written, changed and taken away: %s",
  (kind, body) => {
    expect(preheaderOf(body, kind)).toBe("");
    expect(withPreheader(body, kind, "")).toBe(body);
    const written = withPreheader(body, kind, "It costs $1 & {{ more }}");
    expect(preheaderOf(written, kind)).toBe("It costs $1 & {{ more }}");
    const changed = withPreheader(written, kind, "Less");
    expect(changed).toBe(withPreheader(body, kind, "Less"));
    expect(preheaderOf(withPreheader(changed, kind, ""), kind)).toBe("");
  },
);

it("what stands in a layout has none of its own", () => {
  expect(preheaderOf("<mj-section/>", "mjml")).toBeNull();
});
