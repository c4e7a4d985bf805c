import type { ControlProps } from './controls';
import { Files } from './controls';

/** Files of a form that staff fill in: photos, a voice note, and what the office's scanner makes. */
export function Scans(props: ControlProps) {
  return <Files {...props} scans />;
}
