import { AxeBuilder } from "@axe-core/playwright";
import { beforeAll, describe, expect, it } from "vitest";
import { everyPage, type Furnished, furnish, settle } from "./furnish";
import { useVisits } from "./visitor";

const visits = useVisits({ keepPages: true });
const rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];
let furnished: Furnished;
beforeAll(async () => {
  furnished = await furnish(visits, {
    name: "Bäckerei am Markt",
    text: "Your bread is ready.",
    refusal: "5.1.1 No such mailbox here",
  });
}, 240_000);

it("looks at every page there is", () => {
  expect(Object.keys(furnished.places).sort()).toEqual(everyPage());
});

describe.each([1440, 390])("%i pixels wide", (width) => {
  it("has nothing that keeps anybody out, light or dark, and is not wider than the screen", {
    timeout: 240_000,
  }, async () => {
    const page = await visits.open({ viewport: { width, height: 900 } });
    await page.context().addCookies(await furnished.visitor.context.cookies());
    const found: string[] = [];
    for (const path of Object.values(furnished.places).flat()) {
      await settle(page, path);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        // What stands in the preview's frame is the tenant's, and no script runs there: axe would wait for it.
        const axe = new AxeBuilder({ page }).setLegacyMode().exclude("iframe");
        // A theme changes colours and nothing else.
        const { violations } = await (colorScheme === "light"
          ? axe.withTags(rules)
          : axe.withRules("color-contrast")
        ).analyze();
        for (const { id, nodes } of violations)
          found.push(`${path}, ${colorScheme}: ${id}: ${nodes.map(({ html }) => html).join(" ")}`);
      }
      const wide = await page.evaluate<number>("document.documentElement.scrollWidth");
      if (wide > width) found.push(`${path}: ${wide} pixels wide`);
    }
    expect(found).toEqual([]);
  });
});
