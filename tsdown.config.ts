import { defineConfig } from "tsdown";

/** How every process of ours is built, run from its own folder: our packages inside, npm's left in node_modules. */
export default defineConfig({
  cwd: process.cwd(),
  entry: "src/main.ts",
  platform: "node",
  target: "node20.19",
  sourcemap: true,
  dts: false,
  deps: { alwaysBundle: /^@tidings\//, neverBundle: /^(?!@tidings\/)[@a-z]/ },
});
