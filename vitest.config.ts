import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{apps,packages}/*/src/**/*.test.{ts,tsx}", "{scripts,tests}/**/*.test.ts"],
    globalSetup: "tests/setup/services.ts",
    // A suite's first hook may wait for Postgres and Kafka to start.
    hookTimeout: 120_000,
    testTimeout: 30_000,
  },
});
