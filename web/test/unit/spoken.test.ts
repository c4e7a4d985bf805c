import { expect, test } from 'vitest';
import { attach } from '../../ui/attachment';
import { sendable } from '../../ui/form';
import { named, spoken } from '../../ui/spoken';

const voice = () => attach(new Blob(['x']), 'audio', 1);

test('a text names its recordings', () => {
  expect(named('先说〔语音2〕再说〔语音1〕。〔语音 3f2a91c0〕')).toEqual([2, 1]);
});

test('what no text names any more stays behind, and the others are counted anew, those at the server first', () => {
  const [first, third] = [voice(), voice()];
  const said = spoken({ text: '甲〔语音3〕', also: [{ fresh: '〔语音2〕〔语音9〕' }], n: 3 }, [first, 'abc', third]);
  expect(said).toEqual({ words: { text: '甲〔语音2〕', also: [{ fresh: '〔语音1〕〔语音9〕' }], n: 3 }, voices: ['abc', third] });
});

test('a form sends its recordings beside its fields', async () => {
  const field = { name: 'text', label: '情况', type: 'longtext' as const, required: true };
  const sent = await sendable([field], { text: '说了〔语音1〕', voices: [voice()] }, () => Promise.resolve(['hash']));
  expect(sent).toEqual({ text: '说了〔语音1〕', voices: ['hash'] });
  expect(await sendable([field], { text: '打字', voices: [voice()] }, () => Promise.resolve(['hash']))).toEqual({ text: '打字' });
});
