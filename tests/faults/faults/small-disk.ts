import { execFileSync } from "node:child_process";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Supervised } from "../../../scripts/services/supervise.mjs";

/** Room for the append-only file of the load, many times over. */
const sizeMb = 256;

/** A disk of its own has to be mounted. */
export function whyNoSmallDisk(): string | null {
  return process.platform === "linux" && process.getuid?.() === 0
    ? null
    : "it takes root on Linux to mount a small disk";
}

/**
 * Moves the data of a service to a small disk in memory.
 * @returns moves it back
 */
export async function onSmallDisk(service: Supervised, dir: string): Promise<() => Promise<void>> {
  const aside = `${dir}.aside`;
  await service.stop();
  cpSync(dir, aside, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeMb}m`, "tmpfs", dir]);
  cpSync(aside, dir, { recursive: true });
  await service.start();
  return async () => {
    await service.stop();
    rmSync(aside, { recursive: true });
    cpSync(dir, aside, { recursive: true });
    execFileSync("umount", [dir]);
    cpSync(aside, dir, { recursive: true });
    rmSync(aside, { recursive: true });
    await service.start();
  };
}

/** Leaves no room on the small disk. @returns gives it back */
export function fillDisk(dir: string): () => void {
  const filler = join(dir, "filler");
  try {
    writeFileSync(filler, Buffer.alloc(sizeMb * 1_024 * 1_024));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
  return () => rmSync(filler);
}
