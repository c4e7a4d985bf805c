import { portal } from '../i18n/zh-CN.json';
import { words } from '../i18n/words';

export const t = words(portal);
