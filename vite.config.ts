import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';
import solid from 'vite-plugin-solid';

const server = process.env.RELAY_DEV_SERVER ?? 'http://127.0.0.1:4000';

const page = (name: string) => fileURLToPath(new URL(`client/${name}.html`, import.meta.url));

/** GraphiQL carries its fonts as data: URLs, which the Content-Security-Policy refuses; the system's fonts do as well. */
const graphiqlWithoutFonts: Plugin = {
  name: 'graphiql-without-fonts',
  enforce: 'pre',
  transform: (code, id) =>
    id.includes('/graphiql/dist/style.css') ? code.replace(/@font-face\s*\{[^}]*\}/g, '') : null,
};

/** uPlot 1.6.32 does not load where the browser's language is none that Intl knows: `en-US@posix` (leeoniya/uPlot#1054). */
const uplotInAnyLanguage: Plugin = {
  name: 'uplot-in-any-language',
  enforce: 'pre',
  transform: (code, id) =>
    id.includes('/uplot/dist/') ? code.replace("domEnv ? nav.language : 'en-US'", "'en-US'") : null,
};

export default defineConfig({
  root: 'client',
  plugins: [graphiqlWithoutFonts, uplotInAnyLanguage, solid(), tailwindcss()],
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    target: 'es2022',
    // GraphiQL, a page of its own, is that large.
    chunkSizeWarningLimit: 1_200,
    rolldownOptions: {
      input: [page('index'), page('graphiql')],
      // GraphiQL's React packages all carry "use client", which means nothing in a browser bundle.
      onLog: (level, log, handle) => (log.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : handle(level, log)),
    },
    // Inlined assets would be data: URLs, which the Content-Security-Policy allows for images only.
    assetsInlineLimit: 0,
    // The preload polyfill is an inline script in disguise and every supported browser has modulepreload.
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/graphql': { target: server, ws: true, changeOrigin: true } } },
});
