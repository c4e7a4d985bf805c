// Brotli size of what each app loads first (what its page names: script, preloaded chunks, sheets), against the budgets of web.md.
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const budgets = { portal: 30, phone: 130, desk: 330 };
const pages = { portal: 'index.html', phone: 'm/index.html', desk: 'desk/index.html' };
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
let over = false;

for (const [app, budget] of Object.entries(budgets)) {
  const page = readFileSync(`dist/${pages[app]}`, 'utf8');
  const files = new Set([...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map((found) => found[1]));
  const bytes = [...files].map((file) => [file, brotliCompressSync(readFileSync(`dist/${file}`), quality).length]);
  const total = bytes.reduce((sum, [, n]) => sum + n, 0) / 1024;
  const verdict = total <= budget ? 'ok' : 'OVER';
  over ||= total > budget;
  console.log(`${verdict.padEnd(5)}${app.padEnd(8)}${total.toFixed(1).padStart(6)} KB of ${budget}`);
  if (process.argv.includes('--files')) bytes.forEach(([file, n]) => console.log(`       ${(n / 1024).toFixed(1).padStart(7)}  ${file}`));
}
process.exit(over ? 1 : 0);
