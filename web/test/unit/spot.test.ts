// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import type { Kind } from '../../api/types';
import { attach } from '../../ui/attachment';
import { blank, fields, lacking, line, report, unsettled, type SpotDraft } from '../../phone/spotdraft';

const dispute: SpotDraft = {
  ...blank,
  kind: 'dispute',
  names: ['吴长顺', '李春梅'],
  text: '装了接水槽',
  outcome: 'SPOT_PEACE',
  unit: '341203105006002',
};

it('asks for two names in a dispute and one elsewhere', () => {
  expect(lacking({ ...dispute, names: ['吴长顺', ' '] })).toBe('names');
  expect(lacking({ ...dispute, kind: 'request', names: ['吴长顺', ''] })).toBeUndefined();
});

it('takes a voice note instead of words, and then sends none', () => {
  const spoken = { ...dispute, text: ' ', files: [attach(new Blob(['…']), 'audio', 8)] };
  expect(lacking({ ...spoken, files: [] })).toBe('text');
  expect(lacking(spoken)).toBeUndefined();
  expect(fields(spoken, '当面')).not.toHaveProperty('text');
});

it('puts each party on a side', () => {
  expect(fields(dispute, '当面')).toMatchObject({
    kind: 'dispute',
    persons: [
      { role: 'party', side: 1, name: '吴长顺' },
      { role: 'party', side: 2, name: '李春梅' },
    ],
    told_how: '当面',
  });
});

it('makes a line for the group without anybody in it', () => {
  const kind = { short: '小纠纷', outcomes: [{ code: 'SPOT_PEACE', label: '现场和解' }] } as unknown as Kind;
  const text = line(dispute, kind, '后吴寨', '吴寨D2026-0012');
  expect(text).toBe('后吴寨 小纠纷 1 件，现场和解（吴寨D2026-0012）');
  for (const name of dispute.names) expect(text).not.toContain(name);
});

it('passes on what is not settled with words or a voice note alone', () => {
  const up = { ...blank, kind: 'hazard', unit: dispute.unit, outcome: unsettled };
  expect(lacking(up)).toBe('text');
  expect(lacking({ ...up, text: '塘边护栏倒了' })).toBeUndefined();
  expect(lacking({ ...up, files: [attach(new Blob(['…']), 'audio', 8)] })).toBeUndefined();
  expect(report({ ...up, text: ' 塘边护栏倒了 ', danger: true })).toEqual({
    kind: 'hazard',
    text: '塘边护栏倒了',
    unit: dispute.unit,
    channel: 'VISIT',
    danger: true,
  });
  expect(report({ ...dispute, outcome: unsettled, names: ['吴长顺', ''] }).persons).toEqual([{ role: 'party', side: 1, name: '吴长顺' }]);
});
