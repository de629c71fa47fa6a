import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createOpenApiDocument } from "./openapi";
import { routes } from "./routes";

const path = fileURLToPath(new URL("../../../docs/openapi.json", import.meta.url));
const text = `${JSON.stringify(createOpenApiDocument(routes), null, 2)}\n`;

// With --check the file is compared, else written.
if (!process.argv.includes("--check")) {
  writeFileSync(path, text);
  process.stdout.write(`Wrote docs/openapi.json: ${routes.length} routes.\n`);
} else if (readCommitted() !== text) {
  process.stderr.write("docs/openapi.json is not what the routes make. Run `npm run openapi` and commit the file.\n");
  process.exitCode = 1;
}

function readCommitted(): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
