import type { Card } from '../api/types';
import { say } from './words';

/** What is asked for and who decides; the days and the reason are told to whom that is. */
export function extensionNotes({ extension }: Card): string[] {
  if (!extension) return [];
  const { days, reason, decides, may } = extension;
  return [...(may ? [say('extension.askedDays', { days, reason })] : []), say('extension.asked', { who: say(`extension.${decides}`) })];
}
