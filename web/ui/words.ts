import { ui } from '../i18n/zh-CN.json';
import { words } from '../i18n/words';

/** The words of the shared pieces. */
export const say = words(ui);
