// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { Problem } from '../../api/problem';
import type { Field } from '../../api/types';
import { attach } from '../../ui/attachment';
import { missing, sendable } from '../../ui/form';

const fields: Field[] = [
  { name: 'text', label: '答复内容', type: 'longtext', required: true },
  { name: 'holds', label: '现在还好', type: 'bool', required: true },
  { name: 'told_how', label: '怎么告知', type: 'choice', required: false },
  { name: 'files', label: '照片', type: 'files', required: false },
];

it('names the first required field that is empty; a plain no is an answer', () => {
  expect(missing(fields, {})).toBe('text');
  expect(missing(fields, { text: '已修好' })).toBe('holds');
  expect(missing(fields, { text: '已修好', holds: false })).toBeUndefined();
});

it('sends files first and leaves out what is empty', async () => {
  const draft = { text: '已修好', holds: false, told_how: '', files: [attach(new Blob(['a']), 'image'), attach(new Blob(['b']), 'image')] };
  let n = 0;
  const values = await sendable(fields, draft, () => Promise.resolve([`hash${(n += 1)}`]));
  expect(values).toEqual({ text: '已修好', holds: false, files: ['hash1', 'hash2'] });
});

it('a scan of several pages brings all of them, in order; what is wrong with a file is said at its field', async () => {
  const draft = { files: [attach(new Blob(['a']), 'scan'), attach(new Blob(['b']), 'image')] };
  const values = await sendable(fields, draft, async (file) => ((await file.text()) === 'a' ? ['page1', 'page2'] : ['photo']));
  expect(values).toEqual({ files: ['page1', 'page2', 'photo'] });
  const locked = new Problem(422, { code: 'pdf_locked', title: '设了密码', field: 'file' });
  await expect(sendable(fields, draft, () => Promise.reject(locked))).rejects.toMatchObject({ field: 'files', message: '设了密码' });
});
