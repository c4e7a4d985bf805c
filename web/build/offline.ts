import type { Plugin } from 'vite';

/**
 * Tells the service worker which files make up the app. They have a hash in their name, so the list is also its version:
 * a new build changes the worker's bytes and the browser fetches it anew.
 */
export function offlineList(worker: string, page: string): Plugin {
  return {
    name: 'liuxiao-offline-list',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const made = bundle[worker];
      if (made?.type !== 'chunk') return;
      const files = Object.values(bundle)
        .map((file) => file.fileName)
        .filter((name) => name.startsWith('assets/'))
        .sort()
        .map((name) => `/${name}`);
      files.unshift(`/${page.replace('index.html', '')}`);
      made.code = made.code.replace(/["'`]__FILES__["'`]/, () => JSON.stringify(JSON.stringify(files)));
    },
  };
}
