import type { Attachment } from './attachment';
import type { ControlProps } from './controls';
import { PhotoTaker } from './photos';

/** Files of a form that staff fill in: photos, a voice note, and what the office's scanner makes. */
export function Scans({ value, onChange }: ControlProps) {
  return <PhotoTaker voice scans items={(value as Attachment[] | undefined) ?? []} onChange={onChange} />;
}
