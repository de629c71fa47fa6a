import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Those look at every page, several times, for minutes: `npm run test:pages`.
    exclude: [
      "**/node_modules/**",
      ...(process.env.TEST_PAGES ? [] : ["tests/e2e/accessibility.test.ts", "tests/e2e/hostile-text.test.ts"]),
    ],
    include: ["{apps,packages}/*/src/**/*.test.{ts,tsx}", "{scripts,tests}/**/*.test.ts"],
    globalSetup: "tests/setup/services.ts",
    // Suites wait for services more than they compute: three at a time halve the time on two cores.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    // A suite's first hook may wait for Postgres and Kafka to start.
    hookTimeout: 120_000,
    testTimeout: 30_000,
  },
});
