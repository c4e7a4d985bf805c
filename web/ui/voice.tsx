import { useEffect, useRef, useState } from 'react';
import { say } from './words';

const longest = 120; // seconds

/** What this browser can record; '' lets it choose, undefined means that it can't record here (no HTTPS, old WebView). */
export function recordable(): string | undefined {
  if (typeof MediaRecorder === 'undefined' || !navigator.mediaDevices) return undefined;
  return ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'].find((type) => MediaRecorder.isTypeSupported(type)) ?? '';
}

interface Props {
  onMade: (blob: Blob, seconds: number) => void;
}

/** 说一段: press, speak, press. Where the page may not record, the phone's own recorder is offered instead. */
export function VoiceNote({ onMade }: Props) {
  const [seconds, setSeconds] = useState<number | null>(null);
  const [refused, setRefused] = useState(false);
  const recorder = useRef<MediaRecorder | null>(null);
  const type = recordable();

  useEffect(() => {
    if (seconds === null) return undefined;
    if (seconds >= longest) recorder.current?.stop();
    const timer = setTimeout(() => setSeconds((n) => (n === null ? n : n + 1)), 1000);
    return () => clearTimeout(timer);
  }, [seconds]);
  useEffect(() => () => recorder.current?.stream.getTracks().forEach((track) => track.stop()), []);

  const start = async () => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const made = new MediaRecorder(stream, { ...(type ? { mimeType: type } : {}), audioBitsPerSecond: 24000 });
      const began = Date.now();
      const pieces: Blob[] = [];
      made.ondataavailable = ({ data }) => void pieces.push(data);
      made.onstop = () => {
        stream.getTracks().forEach((track) => track.stop());
        setSeconds(null);
        recorder.current = null;
        onMade(new Blob(pieces, { type: made.mimeType || 'audio/webm' }), Math.round((Date.now() - began) / 1000));
      };
      made.start();
      recorder.current = made;
      setSeconds(0);
    } catch {
      setRefused(true);
    }
  };

  if (type === undefined || refused) {
    return (
      <label className="button">
        {say('voice.file')}
        <input
          className="unseen"
          type="file"
          accept="audio/*"
          capture
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file) onMade(file, 0);
          }}
        />
      </label>
    );
  }
  const recording = seconds !== null;
  return (
    <button
      type="button"
      className={recording ? 'button recording' : 'button'}
      aria-pressed={recording}
      onClick={() => (recording ? recorder.current?.stop() : void start())}
    >
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
        <path
          fill="none"
          stroke="currentColor"
          strokeWidth="1.8"
          d="M12 3a2.8 2.8 0 0 1 2.8 2.8v5.4a2.8 2.8 0 0 1-5.6 0V5.8A2.8 2.8 0 0 1 12 3ZM6 11a6 6 0 0 0 12 0m-6 6v4m-3.5 0h7"
        />
      </svg>
      {recording ? say('voice.stop', { n: seconds }) : say('voice.start')}
    </button>
  );
}
