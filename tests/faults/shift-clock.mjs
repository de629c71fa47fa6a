/** Loaded before a process of ours, has its clock be wrong by SHIFT_CLOCK_MS. */
const shiftMs = Number(process.env.SHIFT_CLOCK_MS);
const rightNow = Date.now;
const now = () => rightNow() + shiftMs;

globalThis.Date = new Proxy(Date, {
  construct: (date, parts, asked) => Reflect.construct(date, parts.length === 0 ? [now()] : parts, asked),
  get: (date, name) => (name === "now" ? now : Reflect.get(date, name)),
});
