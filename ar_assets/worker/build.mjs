// One file that needs nothing but Node: WebAssembly decoders are inside it, so a wheel can carry it.
import { build } from 'esbuild';

await build({
  entryPoints: ['src/main.ts'],
  outfile: 'dist/worker.cjs',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  keepNames: true,
  legalComments: 'linked',
  loader: { '.wasm': 'binary' },
  // Its Node build imports sharp, a native library; no pixel is touched here (Python's side encodes textures).
  alias: { 'ndarray-pixels': './node_modules/ndarray-pixels/dist/ndarray-pixels-browser.js' },
  logLevel: 'warning',
});
