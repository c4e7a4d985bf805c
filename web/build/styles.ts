import { createRequire } from 'node:module';
import type { Plugin } from 'vite';
import { theme, themeKey } from '../desk/theme.ts';

const sheet = 'virtual:antd.css';

/** Every antd component that the desk draws. One that is missing here comes out naked: the e2e looks at each page. */
const drawn = [
  'Alert',
  'App',
  'Button',
  'Cascader',
  'Checkbox',
  'DatePicker',
  'Drawer',
  'Empty',
  'Form',
  'Input',
  'InputNumber',
  'Modal',
  'Pagination',
  'Popover',
  'Radio',
  'Segmented',
  'Select',
  'Space',
  'Spin',
  'Switch',
  'Table',
  'Tabs',
  'Tag',
  'Tooltip',
  'message',
];

/**
 * antd writes its styles into <style> while running, which our CSP (style-src 'self') forbids. So its sheet is made here,
 * once; what would make styles in the browser is left out of the bundle (60 KB less), and what would write a <style> all
 * the same gets an element that is never attached.
 */
export function staticStyles(): Plugin {
  return {
    name: 'liuxiao-static-styles',
    enforce: 'pre',
    resolveId(id) {
      return id === sheet ? `\0${sheet}` : null;
    },
    load(id) {
      if (id === `\0${sheet}`) return { code: makeSheet(), moduleType: 'css' };
      if (id.endsWith('/@rc-component/util/es/Dom/dynamicCSS.js')) return unattached;
      if (id.endsWith('/@ant-design/icons/es/cssUtils.js')) return unattached + iconExtras;
      if (id.endsWith('/antd/es/theme/util/genStyleUtils.js')) return styleless;
      return null;
    },
    transform(code, id) {
      return /\/antd\/es\/.*\/style(\/[\w-]+)?\.js$/.test(id) ? { code: withoutArguments(code), map: null } : null;
    },
  };
}

const unattached = `
export const updateCSS = () => document.createElement('style');
export const removeCSS = () => {};
export const injectCSS = () => null;
export const clearContainerCache = () => {};
`;

const iconExtras = `
export const getShadowRoot = () => null;
export const warningOnce = () => {};
`;

const styleless = `
export const genStyleHooks = () => () => ['', '${themeKey}'];
export const genComponentStyleHook = () => () => '';
export const genSubStyleComponent = () => () => null;
export const genCssVar = (antCls, component) => {
  const name = (key) => '--' + antCls.replace(/\\./g, '') + '-' + component + '-' + key;
  return [name, (key, fallback) => 'var(' + name(key) + (fallback ? ', ' + fallback : '') + ')'];
};
`;

/** genStyleHooks('Button', token => …) becomes genStyleHooks(): nothing then refers to the style functions. */
function withoutArguments(code: string): string {
  const call = /\bgen(?:StyleHooks|ComponentStyleHook|SubStyleComponent)\(/g;
  let result = '';
  let from = 0;
  for (let found = call.exec(code); found; found = call.exec(code)) {
    const start = found.index + found[0].length;
    let depth = 1;
    let at = start;
    for (; depth > 0 && at < code.length; at += 1) depth += code[at] === '(' ? 1 : code[at] === ')' ? -1 : 0;
    result += `${code.slice(from, found.index)}/* @__PURE__ */ ${code.slice(found.index, start)})`;
    from = at;
    call.lastIndex = at;
  }
  return result + code.slice(from);
}

/** The CommonJS copies, so that the extractor, antd and React are one instance each. */
function makeSheet(): string {
  const need = createRequire(import.meta.url);
  const { extractStyle } = need('@ant-design/static-style-extract') as typeof import('@ant-design/static-style-extract');
  const { ConfigProvider } = need('antd') as typeof import('antd');
  const { createElement } = need('react') as typeof import('react');
  const { iconStyles } = need('@ant-design/icons/lib/renderUtils') as { iconStyles: string };
  const css = extractStyle({
    includes: drawn,
    customTheme: (node) => createElement(ConfigProvider, { theme: { ...theme, zeroRuntime: false } }, node),
  });
  return `${iconStyles}\n${css}`;
}
