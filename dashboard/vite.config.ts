import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/**
 * Compresses the files once, here, so that no server has to, however small its board is. Who takes no compressed file gets
 * the content of the one for gzip.
 */
const compressed: Plugin = {
  name: 'compressed',
  enforce: 'post',
  generateBundle(_options, bundle) {
    for (const [name, file] of Object.entries(bundle)) {
      if (!name.startsWith('assets/')) continue;
      const source = file.type === 'chunk' ? file.code : file.source;
      delete bundle[name];
      this.emitFile({ type: 'asset', fileName: `${name}.br`, source: brotliCompressSync(source) });
      this.emitFile({
        type: 'asset',
        fileName: `${name}.gz`,
        source: gzipSync(source, { level: 9 }),
      });
    }
  },
};

export default defineConfig({
  root: import.meta.dirname,
  // Relative addresses: the page works under any path prefix.
  base: './',
  plugins: [compressed],
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
