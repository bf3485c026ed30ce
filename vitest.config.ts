import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['test/{unit,scenarios,contract}/**/*.test.{ts,tsx}'],
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
          // One display, one session bus, one tray: the files take turns.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // What is polled for comes through two processes; a busy machine takes longer than the usual second.
          expect: { poll: { timeout: 10_000 } },
        },
      },
      {
        test: {
          name: 'usb',
          environment: 'node',
          include: ['test/usb/**/*.test.ts'],
          // Every virtual machine takes both processors of a small computer.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'bench',
          environment: 'node',
          include: ['test/bench/**/*.bench.ts'],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
