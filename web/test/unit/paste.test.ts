import { expect, test } from 'vitest';
import { fromChat } from '../../desk/intake/paste';
import { kept, moved, row, stamp, usual } from '../../desk/case/copied';

test('G20 a message from a group becomes name, telephone and words', () => {
  expect(fromChat('吴大顺 2024/7/18 10:32:11\n俺家门口的灯坏了三天了\n电话13812345678')).toEqual({
    name: '吴大顺',
    phone: '13812345678',
    text: '俺家门口的灯坏了三天了',
  });
  expect(fromChat('后吴寨-李桂英 昨天 下午3:05\n塘边护栏倒了')).toEqual({ name: '后吴寨-李桂英', phone: '', text: '塘边护栏倒了' });
  expect(fromChat('李桂英: 塘边护栏倒了\n张明: 我也看见了，138 1234 5678')).toEqual({
    name: '李桂英',
    phone: '13812345678',
    text: '李桂英：塘边护栏倒了\n张明：我也看见了，138 1234 5678',
  });
  expect(fromChat('水管漏了，打0558-2345678找我')).toEqual({ name: '', phone: '05582345678', text: '水管漏了，打0558-2345678找我' });
});

test('G20 what is no message stays as it is', () => {
  expect(fromChat('门口积水，老人出不了门')).toBeUndefined();
  expect(fromChat('请看 https://example.org/a')).toBeUndefined();
  expect(fromChat('身份证341203196801011234')).toBeUndefined();
  expect(fromChat('')).toBeUndefined();
});

test('R9 a row for another system: order as chosen, one line, no formulas', () => {
  expect(row(['吴寨R2024-0032', '第一行\n第二行\t三', '=1+1', '-2', ' 好 '])).toBe("吴寨R2024-0032\t第一行 第二行 三\t'=1+1\t'-2\t好");
  expect(stamp('2024-07-18T16:30:00Z')).toBe('2024-07-19 00:30');
  expect(stamp(null)).toBe('');
  expect(kept('phone,name,phone,nothing')).toEqual(['phone', 'name']);
  expect(kept(null)).toEqual(usual);
  expect(moved(['name', 'phone', 'text'], 'text', -1)).toEqual(['name', 'text', 'phone']);
  expect(moved(['name', 'phone'], 'name', -1)).toEqual(['name', 'phone']);
});
