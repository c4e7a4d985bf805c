import { describe, expect, it } from 'vitest';
import en from '../../i18n/en.json';
import zhCN from '../../i18n/zh-CN.json';
import zhHant from '../../i18n/zh-Hant.json';

type Texts = { [key: string]: string | Texts };

function flat(texts: Texts, at = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === 'string') all.set(at + key, value);
    else flat(value, `${at}${key}.`).forEach((text, path) => all.set(path, text));
  }
  return all;
}

const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();
const chinese = flat(zhCN);

describe.each([
  ['zh-Hant', flat(zhHant)],
  ['en', flat(en)],
])('%s', (_name, other) => {
  it('says everything that Chinese says, and nothing else', () => {
    expect([...other.keys()].sort()).toEqual([...chinese.keys()].sort());
  });
  it('fills the same holes', () => {
    for (const [path, text] of chinese) expect(holes(other.get(path) ?? ''), path).toEqual(holes(text));
  });
});

it('uses no word that the committee must not use', () => {
  // field.md §2 and the pack's powers: an order it has no power to give, a score it must not keep.
  const never = /责令|限期整改|曝光|黑榜|红黑榜|重点人员|挂起|退单|村民小组/;
  for (const [path, text] of chinese) expect(text, path).not.toMatch(never);
});
