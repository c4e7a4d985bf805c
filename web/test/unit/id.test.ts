import { expect, it } from 'vitest';
import { newId } from '../../api/id';

it('is a UUIDv7: version, variant, and the time in front', () => {
  const id = newId(Date.UTC(2024, 6, 18));
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(parseInt(id.replace(/-/g, '').slice(0, 12), 16)).toBe(Date.UTC(2024, 6, 18));
});

it('never comes twice', () => {
  expect(new Set(Array.from({ length: 1000 }, () => newId())).size).toBe(1000);
});
