import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createEndpointRoom, type Stay } from "./endpoint-room";

type Room = ReturnType<typeof createEndpointRoom>;

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

function enter(room: Room, atMs: number, id = "e"): Stay | null {
  const entered = room.enter(id, atMs);
  if ("comeBackMs" in entered) return null;
  entered.begin(atMs);
  return entered;
}
const waitOf = (room: Room, atMs: number): number => {
  const entered = room.enter("e", atMs);
  return "comeBackMs" in entered ? entered.comeBackMs : Number.NaN;
};

/** How many of so many get in at a moment. */
const enterMany = (room: Room, count: number, atMs: number, id = "e"): number =>
  Array.from({ length: count }, () => enter(room, atMs, id)).filter(Boolean).length;

/** An endpoint whose first report took so long. */
function roomAfter(tookMs: number): Room {
  const room = createEndpointRoom(250);
  enter(room, -tookMs)?.leave(0);
  return room;
}

describe("an endpoint", () => {
  it("that has shown nothing yet gets twenty at once", () => {
    expect(enterMany(createEndpointRoom(250), 300, 0)).toBe(20);
  });

  it.each([
    [20, 200],
    [500, 200],
    [1_000, 100],
    [5_000, 20],
    [15_000, 20],
  ])("that takes %i ms gets %i at once", (tookMs, most) => {
    expect(enterMany(roomAfter(tookMs), 300, 0)).toBe(most);
  });

  it("that was quick and hangs gets no more beyond twenty", () => {
    const room = roomAfter(20);
    expect(enterMany(room, 30, 0)).toBe(30);
    expect(enterMany(room, 30, 5_000)).toBe(0);
  });

  it("of which one report hangs is not slow for what others take", () => {
    const room = roomAfter(20);
    const [first, second] = [enter(room, 0), enter(room, 1)];
    second?.leave(21);
    expect(enterMany(room, 300, 5_000)).toBe(19); // the first is still being posted
    first?.leave(5_000);
    expect(enterMany(room, 300, 5_001)).toBeGreaterThan(19);
  });

  it("is not charged for what a report waited for before it was posted", () => {
    const room = createEndpointRoom(250);
    const stay = room.enter("e", 0) as Stay;
    stay.begin(60_000);
    stay.leave(60_020);
    expect(enterMany(room, 300, 60_020)).toBe(200);
  });

  it("gives room back for a report that was nobody's to post", () => {
    const room = createEndpointRoom(250);
    for (let index = 0; index < 100; index += 1) (room.enter("e", 0) as Stay).leave(0);
    expect(enterMany(room, 300, 0)).toBe(20);
  });

  it("says to come ever later while it hangs", () => {
    const room = createEndpointRoom(250);
    enterMany(room, 20, 0);
    const early = waitOf(room, 1_000);
    expect(early).toBeGreaterThan(0);
    expect(waitOf(room, 15_000)).toBeGreaterThan(early);
  });

  it("that is slow is given its turned away in its own pace, one after the other", () => {
    const room = roomAfter(5_000);
    enterMany(room, 20, 0);
    const waits = Array.from({ length: 40 }, () => waitOf(room, 0));
    expect(waits[0]).toBeCloseTo(250);
    expect(waits[39]).toBeCloseTo(10_000);
    vi.advanceTimersByTime(10_000); // all came back
    expect(waitOf(room, 0)).toBeCloseTo(250);
  });

  it("that has a long line lets nobody wait longer than five minutes", () => {
    const room = createEndpointRoom(250);
    enterMany(room, 20, 0);
    expect(Array.from({ length: 2_000 }, () => waitOf(room, 15_000)).at(-1)).toBe(300_000);
  });

  it("that hangs shares a quarter of a worker's room with all that do, but is tried once whatever they hold", () => {
    const room = createEndpointRoom(250);
    const many = Array.from({ length: 50 }, (_, index) => `hangs ${index}`);
    const held = many.map((id) => Array.from({ length: 20 }, () => enter(room, 0, id)).filter((stay) => stay !== null));
    expect(held.map(({ length }) => length)).toEqual([...Array(12).fill(20), 10, ...Array(37).fill(1)]);
    for (const stay of held.flat()) stay.leave(15_000);
    expect(many.reduce((sum, id) => sum + enterMany(room, 20, 15_000, id), 0)).toBe(250);
  });

  it("that answers has room whatever others hold that don't, from its first answer on", () => {
    const room = createEndpointRoom(250);
    enter(room, -20, "known")?.leave(0);
    for (let index = 0; index < 50; index += 1) enterMany(room, 20, 0, `hangs ${index}`);
    expect(enterMany(room, 300, 0, "known")).toBe(200);
    const first = enter(room, 0, "new");
    expect(enterMany(room, 300, 10, "new")).toBe(0);
    first?.leave(20);
    expect(enterMany(room, 300, 20, "new")).toBe(200);
  });

  it("takes no room of another", () => {
    const room = createEndpointRoom(250);
    enterMany(room, 300, 0, "hangs");
    expect(enterMany(room, 20, 0, "other")).toBe(20);
  });
});
