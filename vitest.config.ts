import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Scenarios start a dozen processes each.
    maxConcurrency: 3,
    maxWorkers: "100%",
    reporters: ["default", ["json", { outputFile: "coverage/results.json" }]],
    coverage: {
      provider: "v8",
      include: ["functions/protocol/**/*.ts", "functions/core/**/*.ts"],
      reporter: ["text-summary"],
      // Adapters are judged by their contract suites; the wire and the judgement by every line and branch.
      thresholds: { lines: 100, branches: 100, functions: 100, statements: 100 },
    },
  },
});
