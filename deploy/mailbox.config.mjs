import { defineConfig } from "tsdown";

/** Bundles the local mailbox into one file that needs nothing beside it. */
export default defineConfig({
  cwd: process.cwd(),
  entry: "tests/fakes/main.ts",
  outDir: "tests/dist",
  platform: "node",
  target: "node24",
  dts: false,
  deps: { alwaysBundle: /./, onlyBundle: false },
});
