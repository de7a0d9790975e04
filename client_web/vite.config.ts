import { defineConfig } from "vite";
import { vendoredParts } from "./vite.vendored.ts";

// Pages for browsers, and /player.js under its own stable name: shops write that address into their pages.
export default defineConfig({
  base: "/",
  plugins: [vendoredParts()],
  experimental: {
    // Pages live under several paths and want absolute addresses; scripts and styles find their files beside
    // themselves, also when another shop's page loads them from here.
    renderBuiltUrl: (file, { hostType }) => (hostType === "html" ? `/${file}` : { relative: true }),
  },
  build: {
    outDir: "../stream_server/web/static",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    // data: addresses would need a wider content security policy
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        index: "index.html",
        watch: "watch.html",
        studio: "studio.html",
        interpret: "interpret.html",
        console: "console.html",
        "embed-example": "embed-example.html",
        player: "src/player/element.ts",
      },
      preserveEntrySignatures: "exports-only",
      output: {
        entryFileNames: (chunk) => (chunk.name === "player" ? "player.js" : "assets/[name]-[hash].js"),
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
});
