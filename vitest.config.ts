import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const setupFiles = ['test/support/random-seed.ts'];

/** Three tiers: `fast` needs nothing but Node, `embedded` the host's compilers, `kernel` a real tree and its toolchain. By itself vitest leaves a processor idle, of two one. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'fast', setupFiles, maxWorkers: availableParallelism(), include: ['test/**/*.test.ts'], exclude: ['test/kernel/**', 'test/**/*.embedded.test.ts'], testTimeout: 60_000 } },
      { test: { name: 'embedded', setupFiles, include: ['test/**/*.embedded.test.ts'], testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false } },
      { test: { name: 'kernel', setupFiles, include: ['test/kernel/**/*.test.ts'], testTimeout: 45 * 60_000, hookTimeout: 15 * 60_000, fileParallelism: false } },
    ],
  },
});
