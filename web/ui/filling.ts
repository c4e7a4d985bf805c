/** What stands in braces in a ready wording, by its name there; the names are the same in all languages, since the wording is not translated. */
export type Filling = Record<'编号' | '事项' | '日期' | '我' | '单位', string>;

const known = (name: string): name is keyof Filling => ['编号', '事项', '日期', '我', '单位'].includes(name);

/** Fills in what is known; other braces stay as they are. */
export function fillIn(text: string, filling: Filling): string {
  return text.replace(/\{([^{}]+)\}/g, (whole, name: string) => (known(name) ? filling[name] : whole));
}
