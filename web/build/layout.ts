import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/**
 * Puts an app's page where the server looks for it: web/portal/index.html becomes dist/index.html. With the portal goes
 * plain.css, for the pages that the server makes for browsers without scripts.
 */
export function layOut(app: string, page: string): Plugin {
  return {
    name: 'liuxiao-layout',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const made = bundle[`${app}/index.html`];
      if (made) made.fileName = page;
      if (app === 'portal') this.emitFile({ type: 'asset', fileName: 'plain.css', source: readFileSync('portal/plain.css') });
    },
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const at = (request.url ?? '').split('?')[0];
        if (at === '/' || at === '/m/' || at === '/desk/') request.url = `/${app}/index.html`;
        next();
      });
    },
  };
}
