import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // Relative addresses: the page works under any path prefix.
  base: './',
  build: {
    outDir: '../dist/dashboard/public',
    emptyOutDir: true,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    // Everything is needed before the connection can be lost: there is nothing left to load then.
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
