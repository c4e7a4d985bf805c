/** A picture, a recording or a scan as PDF that is still here and not yet at the server. */
export interface Attachment {
  key: string;
  blob: Blob;
  kind: 'image' | 'audio' | 'scan';
  seconds?: number;
}

let count = 0;

export function attach(blob: Blob, kind: Attachment['kind'], seconds?: number): Attachment {
  count += 1;
  return { key: `${Date.now()}-${count}`, blob, kind, ...(seconds === undefined ? {} : { seconds }) };
}
