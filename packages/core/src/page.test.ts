import { Refusal } from "@tidings/shared/refusals";
import { describe, expect, it } from "vitest";
import { presentPage, readPage } from "./page";

const cursorOf = (after: string) => Buffer.from(after).toString("base64url");
const uuid = "01890a5d-ac96-774b-bcce-b302099a8057";

describe("a page", () => {
  it.each([
    ["uuid", uuid],
    ["integer", "42"],
    ["text", "usr_42 é"],
  ] as const)("of a list by %s goes on where the one before ended", (kind, last) => {
    const { nextCursor } = presentPage({ rows: [last], hasMore: true }, String, String);
    expect(readPage({ limit: 2, cursor: nextCursor ?? undefined }, kind)).toEqual({ limit: 2, after: last });
  });

  it.each([
    ["uuid", "usr_42"],
    ["integer", uuid],
    ["integer", "-1"],
    ["integer", "1.5"],
    ["integer", "9999999999"],
    ["text", ""],
    ["text", "\u0000"],
  ] as const)("of a list by %s refuses the cursor of %j", (kind, after) => {
    const read = () => readPage({ limit: 2, cursor: cursorOf(after) }, kind);
    expect(read).toThrow(expect.objectContaining({ constructor: Refusal, code: "invalid_cursor" }));
  });

  it("refuses a cursor that is spelled in another way", () => {
    expect(() => readPage({ limit: 2, cursor: `${cursorOf("42")}=` }, "integer")).toThrow(Refusal);
  });
});
