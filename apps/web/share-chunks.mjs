/**
 * A build has the server's code once for each route handler: a megabyte each, the same but for the name of a source map,
 * and Node would keep the text of all of them. What stands twice becomes a link, which Node follows first.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const chunks = join(import.meta.dirname, ".next/standalone/apps/web/.next/server/chunks");
for (const folder of [chunks, join(chunks, "ssr")]) shareWithin(folder);

/** @param {string} folder whose scripts are looked at, not those of folders in it */
function shareWithin(folder) {
  /** @type {Map<string, string>} the first name of each content */
  const names = new Map();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".js")) continue;
    const path = join(folder, entry.name);
    const text = readFileSync(path, "utf8").replace(/\n\/\/# sourceMappingURL=.*$/, "");
    const digest = createHash("sha256").update(text).digest("hex");
    const first = names.get(digest);
    if (first === undefined) {
      names.set(digest, entry.name);
      continue;
    }
    rmSync(path);
    symlinkSync(first, path);
  }
}
