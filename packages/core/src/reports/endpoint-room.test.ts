import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createEndpointRoom } from "./endpoint-room";

type Room = ReturnType<typeof createEndpointRoom>;

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** How many of so many get in at a moment. */
function enterMany(room: Room, count: number, nowMs: number, id = "e"): number {
  return Array.from({ length: count }, () => room.enter(id, nowMs)).filter((wait) => wait === null).length;
}

function showQuick(room: Room, id = "e"): void {
  room.enter(id, 0);
  room.leave(id, 20);
}

describe("an endpoint", () => {
  it("that has shown nothing yet gets twenty at once", () => {
    expect(enterMany(createEndpointRoom(), 300, 0)).toBe(20);
  });

  it("that is quick gets two hundred at once", () => {
    const room = createEndpointRoom();
    showQuick(room);
    expect(enterMany(room, 300, 0)).toBe(200);
  });

  it("that hangs never gets more than twenty, and says to come ever later", () => {
    const room = createEndpointRoom();
    enterMany(room, 20, 0);
    const early = room.enter("e", 1_000);
    const late = room.enter("e", 15_000);
    expect(early).toBeGreaterThan(0);
    expect(late).toBeGreaterThan(early as number);
  });

  it("that was quick and hangs now gets no more beyond twenty", () => {
    const room = createEndpointRoom();
    showQuick(room);
    expect(enterMany(room, 30, 0)).toBe(30);
    expect(enterMany(room, 30, 600)).toBe(0);
  });

  it("that is slow is given its turned away in its own pace, one after the other", () => {
    const room = createEndpointRoom();
    room.enter("e", 0);
    room.leave("e", 2_000);
    enterMany(room, 20, 0);
    const waits = Array.from({ length: 40 }, () => room.enter("e", 0) as number);
    expect(waits[0]).toBeCloseTo(100);
    expect(waits[39]).toBeCloseTo(4_000);
    vi.advanceTimersByTime(4_000); // all came back
    expect(room.enter("e", 0)).toBeCloseTo(100);
  });

  it("that has a long line lets nobody wait longer than five minutes", () => {
    const room = createEndpointRoom();
    enterMany(room, 20, 0);
    const waits = Array.from({ length: 2_000 }, () => room.enter("e", 15_000) as number);
    expect(waits.at(-1)).toBe(300_000);
  });

  it("takes no room of another", () => {
    const room = createEndpointRoom();
    enterMany(room, 300, 0, "hangs");
    expect(enterMany(room, 20, 0, "other")).toBe(20);
  });
});
