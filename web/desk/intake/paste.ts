import type { IntakeDraft } from './draft';

// What arrives in a WeChat group is pasted, not typed. The clipboard holds "name time" lines with what was said below, or the words alone.

const stamp = String.raw`(?:\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?|\d{1,2}[-/月]\d{1,2}日?|昨天|今天|星期[一二三四五六日])?\s*(?:[上下]午|晚上|凌晨)?\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?`;
const header = new RegExp(String.raw`^(.{1,20}?)[\s,，]*(?:${stamp})\s*$`);
const saying = /^([^\s:：,，。]{1,12})[:：]\s*(.*)$/;
const mobile = /(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)/;
const fixed = /(?<!\d)0\d{2,3}[\s-]?\d{7,8}(?!\d)/;

interface Said {
  who: string;
  lines: string[];
}

/** The pieces of a chat in their order; a text without senders is one piece by nobody. */
function pieces(text: string): Said[] {
  const found: Said[] = [];
  for (const line of text.split(/\r?\n/)) {
    const named = header.exec(line.trim());
    const spoken = found.length === 0 || found[0]?.who ? saying.exec(line.trim()) : null;
    if (named?.[1]) found.push({ who: named[1].trim(), lines: [] });
    else if (spoken?.[1] && !/^https?$/.test(spoken[1])) found.push({ who: spoken[1], lines: [spoken[2] ?? ''] });
    else if (line.trim()) {
      const last = found[found.length - 1];
      if (last) last.lines.push(line.trim());
      else found.push({ who: '', lines: [line.trim()] });
    }
  }
  return found.filter(({ lines }) => lines.length > 0);
}

/** What a pasted message tells: who (the first to speak), a telephone, and the words alone. Nothing: it is no message, and is left as it is. */
export function fromChat(text: string): Pick<IntakeDraft, 'text' | 'name' | 'phone'> | undefined {
  const said = pieces(text);
  const phone = (mobile.exec(text) ?? fixed.exec(text))?.[0].replace(/[\s-]/g, '') ?? '';
  const name = said.find(({ who }) => who)?.who ?? '';
  if (!name && !phone) return undefined;
  // A line that says nothing but the number is not kept a second time: it stands masked beside the words.
  for (const one of said)
    one.lines = one.lines.filter(
      (line) => !/^(?:我的)?(?:联系)?(?:电话|手机|号码)?(?:号|号码|是)?\s*[:：]?\s*[\d\s-]{11,14}[。.]?$/.test(line),
    );
  const several = new Set(said.map(({ who }) => who)).size > 1;
  const words = said.map(({ who, lines }) => (several && who ? `${who}：` : '') + lines.join('\n')).join('\n');
  return { text: words, name, phone };
}
