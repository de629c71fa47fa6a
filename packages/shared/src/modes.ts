import { z } from "zod";

/** `live` reaches real providers; `test` runs the same pipeline and ends in the sandbox provider. */
export const modes = ["live", "test"] as const;
export type Mode = (typeof modes)[number];
export const modeSchema = z.enum(modes);
