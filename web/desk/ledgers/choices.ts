import type { Choice } from './mapping';

interface Shown {
  label: string;
  value?: string;
  title?: string;
  options?: { value: string; label: string }[];
}

/** For antd's Select: under their group, where there are groups. */
export function grouped(choices: Choice[]): Shown[] {
  const plain = ({ value, label }: Choice) => ({ value, label });
  if (!choices.some(({ group }) => group)) return choices.map(plain);
  const groups = new Map<string, Choice[]>();
  for (const one of choices) groups.set(one.group ?? '', [...(groups.get(one.group ?? '') ?? []), one]);
  return [...groups].map(([label, list]) => ({ label, title: label, options: list.map(plain) }));
}
