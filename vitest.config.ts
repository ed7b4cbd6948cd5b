import { defineConfig } from "vitest/config";

/** What is waited for comes at once on an idle machine; a busy one may take its time. */
const patience = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000 } } };
const lab = "test/lab/**/*.test.ts";

// eslint-disable-next-line import/no-default-export -- vitest reads the default export
export default defineConfig({
  test: {
    pool: "threads",
    // Much of the time goes into waiting for processes and timers; by default one worker would do it all on two cores.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: "all", include: ["test/**/*.test.ts"], exclude: [lab], ...patience },
      },
      {
        extends: true,
        test: {
          name: "lab",
          include: [lab],
          ...patience,
          testTimeout: 180_000,
          // Real processes by the machine's real clock: what stalls the machine may break one try, what is broken
          // breaks both. A test that needed the second is marked in the output.
          retry: 1,
        },
      },
    ],
  },
});
