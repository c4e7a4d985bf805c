import { expect, test } from 'vitest';
import { fillIn } from '../../ui/filling';

const filling = { 编号: '吴寨R2024-0032', 事项: '路灯不亮', 日期: '7月18日', 我: '赵敏', 单位: '吴寨居委会' };

test('rows: G17 — braces are filled in from the case, others stay', () => {
  expect(fillIn('您反映的{事项}（{编号}）由{我}负责。{单位} {日期}', filling)).toBe(
    '您反映的路灯不亮（吴寨R2024-0032）由赵敏负责。吴寨居委会 7月18日',
  );
  expect(fillIn('{电话}和{事项}、{事项}', filling)).toBe('{电话}和路灯不亮、路灯不亮');
  expect(fillIn('{事项}', { ...filling, 事项: '{我}' })).toBe('{我}'); // what is filled in is not filled in again
});
