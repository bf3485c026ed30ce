import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const root = resolve(import.meta.dirname, '..', '..');

// It runs from the checkout only, so packages stay where npm put them.
export default defineConfig({
  root,
  build: {
    ssr: 'scripts/demo/demo.ts',
    outDir: 'out/demo-app',
    emptyOutDir: true,
    sourcemap: true,
    target: 'node20',
    rolldownOptions: {
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});
