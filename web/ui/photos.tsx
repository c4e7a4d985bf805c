import { useEffect, useRef, useState } from 'react';
import { attach, type Attachment } from './attachment';
import { shrink } from './shrink';
import { VoiceNote } from './voice';
import { say } from './words';
import './photos.css';

export function useUrl(blob: Blob): string {
  const [url, setUrl] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url;
}

function Item({ item, onRemove }: { item: Attachment; onRemove: () => void }) {
  const url = useUrl(item.blob);
  return (
    <li className={item.kind}>
      {item.kind === 'image' && url && <img src={url} alt={say('photo.one')} />}
      {item.kind === 'scan' && <span>{say('photo.scan', { mb: (item.blob.size / 1e6).toFixed(1) })}</span>}
      {item.kind === 'audio' && url && <audio src={url} controls preload="metadata" />}
      <button type="button" className="remove" onClick={onRemove} aria-label={say('photo.remove')}>
        ×
      </button>
    </li>
  );
}

interface Props {
  items: Attachment[];
  onChange: (items: Attachment[]) => void;
  max?: number;
  voice?: boolean;
  /** PDFs too: what an office's scanner makes. */
  scans?: boolean;
}

const isScan = (file: Blob) => file.type === 'application/pdf';

/** Takes photos (and a voice note where asked), makes them small at once, shows what will go along. */
export function PhotoTaker({ items, onChange, max = 6, voice = false, scans = false }: Props) {
  const [busy, setBusy] = useState(false);
  const latest = useRef(items);
  latest.current = items;

  const take = async (files: FileList | null) => {
    if (!files) return;
    setBusy(true);
    const room = max - latest.current.filter(({ kind }) => kind !== 'audio').length;
    for (const file of Array.from(files).slice(0, room)) {
      const one = isScan(file) ? attach(file, 'scan') : attach(await shrink(file), 'image');
      onChange((latest.current = [...latest.current, one]));
    }
    setBusy(false);
  };

  return (
    <div className="photos">
      <div className="takers">
        <label className="button">
          <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
            <path
              fill="none"
              stroke="currentColor"
              strokeWidth="1.8"
              d="M4 7.5h3.5L9 5h6l1.5 2.5H20v11H4Zm8 8.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z"
            />
          </svg>
          {say(busy ? 'photo.shrinking' : scans ? 'photo.takeOrScan' : 'photo.take')}
          <input
            className="unseen"
            type="file"
            accept={scans ? 'image/*,application/pdf' : 'image/*'}
            multiple
            onChange={(event) => {
              const input = event.currentTarget;
              void take(input.files).then(() => (input.value = ''));
            }}
          />
        </label>
        {voice && <VoiceNote onMade={(blob, seconds) => onChange([...latest.current, attach(blob, 'audio', seconds)])} />}
      </div>
      {items.length > 0 && (
        <ul className="taken">
          {items.map((item) => (
            <Item key={item.key} item={item} onRemove={() => onChange(items.filter((other) => other !== item))} />
          ))}
        </ul>
      )}
    </div>
  );
}
