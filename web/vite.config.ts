import { defineConfig, type UserConfig } from 'vite';
import { layOut } from './build/layout.ts';
import { staticStyles } from './build/styles.ts';
import { offlineList } from './build/offline.ts';

// One config, three builds: `vite build --mode portal|phone|desk`. What is shared in ui/ is written once against React;
// the alias decides what runs underneath, so the builds can't be one.
const preact = {
  'react/jsx-runtime': 'preact/jsx-runtime',
  'react/jsx-dev-runtime': 'preact/jsx-runtime',
  'react-dom/client': 'preact/compat/client',
  'react-dom': 'preact/compat',
  react: 'preact/compat',
};

// WeChat's browser has been seen on Chromium 78; the desk is a desktop with a current browser.
const oldPhones = ['chrome64', 'safari12'];

interface App {
  page: string;
  alias?: Record<string, string>;
  target: string[];
  worker?: string;
}

const apps: Record<string, App> = {
  portal: { page: 'index.html', alias: preact, target: oldPhones },
  phone: { page: 'm/index.html', alias: preact, target: oldPhones, worker: 'phone/worker/worker.ts' },
  desk: { page: 'desk/index.html', target: ['chrome100', 'safari15', 'firefox100'] },
};

export default defineConfig(({ mode }): UserConfig => {
  const app = apps[mode];
  if (!app) return { test: { include: ['test/unit/**/*.test.ts'] } } as UserConfig;
  const input: Record<string, string> = { [mode]: `${mode}/index.html` };
  if (app.worker) input.worker = app.worker;
  return {
    base: '/',
    publicDir: false,
    resolve: { alias: app.alias ?? {} },
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [
      layOut(mode, app.page),
      ...(mode === 'desk' ? [staticStyles()] : []),
      ...(app.worker ? [offlineList('m/worker.js', app.page)] : []),
    ],
    build: {
      target: app.target,
      cssTarget: app.target,
      outDir: 'dist',
      emptyOutDir: mode === 'portal', // the first of the three
      modulePreload: { polyfill: false }, // an inline script, which the CSP forbids
      assetsInlineLimit: 0, // nothing as data:, the CSP forbids that too
      chunkSizeWarningLimit: 2000,
      rollupOptions: {
        input,
        output: {
          hashCharacters: 'base36', // no - in a hash, by which the server knows what never changes
          entryFileNames: (chunk) => (chunk.name === 'worker' ? 'm/worker.js' : 'assets/[name]-[hash].js'),
          chunkFileNames: `assets/${mode}-[name]-[hash].js`,
          assetFileNames: 'assets/[name]-[hash][extname]',
        },
      },
    },
    server: { proxy: { '/api': 'http://127.0.0.1:8080', '/plain': 'http://127.0.0.1:8080' } },
  };
});
