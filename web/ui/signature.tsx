import { useEffect, useRef, useState } from 'react';
import { Problem } from '../api/problem';
import { attach, type Attachment } from './attachment';
import type { Draft } from './form';
import { shrink } from './shrink';
import type { Signer } from './signways';
import { say } from './words';

const black = '#16181d';

/** A white sheet as large as it is shown, on a screen of any density. */
function prepare(canvas: HTMLCanvasElement): void {
  const density = Math.min(2, window.devicePixelRatio || 1);
  canvas.width = Math.round(canvas.clientWidth * density);
  canvas.height = Math.round(canvas.clientHeight * density);
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.scale(density, density);
  pen.strokeStyle = pen.fillStyle = black;
  pen.lineWidth = 3.5;
  pen.lineCap = pen.lineJoin = 'round';
}

interface Ink {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const nothing: Ink = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
const margin = 8;

/** The signature without the paper around it, so that it fills its line. */
function cut(canvas: HTMLCanvasElement, ink: Ink, done: (picture: Blob) => void): void {
  const density = canvas.width / canvas.clientWidth;
  const left = Math.max(0, (ink.left - margin) * density);
  const top = Math.max(0, (ink.top - margin) * density);
  const width = Math.max(1, Math.min(canvas.width, (ink.right + margin) * density) - left);
  const height = Math.max(1, Math.min(canvas.height, (ink.bottom + margin) * density) - top);
  const piece = document.createElement('canvas');
  piece.width = Math.round(width);
  piece.height = Math.round(height);
  piece.getContext('2d')?.drawImage(canvas, left, top, width, height, 0, 0, piece.width, piece.height);
  piece.toBlob((picture) => picture && done(picture), 'image/png');
}

/** A sheet to write one's name on, with a finger, a pen or the mouse. */
function Sheet({ label, onDrawn }: { label: string; onDrawn: (picture: Blob) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<{ x: number; y: number } | null>(null);
  const ink = useRef<Ink>(nothing);
  useEffect(() => {
    if (canvas.current) prepare(canvas.current);
  }, []);
  const draw = (event: { clientX: number; clientY: number }, from: { x: number; y: number } | null) => {
    const box = canvas.current?.getBoundingClientRect();
    const pen = canvas.current?.getContext('2d');
    if (!box || !pen) return;
    const to = { x: event.clientX - box.left, y: event.clientY - box.top };
    pen.beginPath();
    pen.moveTo((from ?? to).x, (from ?? to).y);
    pen.lineTo(to.x + (from ? 0 : 0.1), to.y); // a tap is a dot
    pen.stroke();
    const { left, top, right, bottom } = ink.current;
    ink.current = { left: Math.min(left, to.x), top: Math.min(top, to.y), right: Math.max(right, to.x), bottom: Math.max(bottom, to.y) };
    last.current = to;
  };
  const lift = () => {
    if (last.current && canvas.current) cut(canvas.current, ink.current, onDrawn);
    last.current = null;
  };
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        draw(event, null);
      }}
      onPointerMove={(event) => last.current && draw(event, last.current)}
      onPointerUp={lift}
      onPointerCancel={lift}
    />
  );
}

interface PadProps {
  who: string;
  picture: Attachment | undefined;
  onChange: (picture: Attachment | undefined) => void;
}

/** The sheet; who can't draw (a keyboard, an old telephone) hands in a picture of their signature. */
function Pad({ who, picture, onChange }: PadProps) {
  const [sheet, setSheet] = useState(0);
  const [url, setUrl] = useState('');
  const [handed, setHanded] = useState(false);
  useEffect(() => {
    if (!handed || !picture) return undefined;
    const made = URL.createObjectURL(picture.blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [handed, picture]);
  const clear = () => {
    setHanded(false);
    setSheet(sheet + 1);
    onChange(undefined);
  };
  return (
    <div className="pad">
      {handed && url ? (
        <img src={url} alt={say('sign.of', { who })} />
      ) : (
        'PointerEvent' in window && (
          <Sheet key={sheet} label={say('sign.here', { who })} onDrawn={(drawn) => onChange(attach(drawn, 'image'))} />
        )
      )}
      <div className="buttons">
        <button type="button" className="button" disabled={!picture} onClick={clear}>
          {say('sign.clear')}
        </button>
        <label className="button quiet">
          {say('sign.upload')}
          <input
            className="unseen"
            type="file"
            accept="image/*"
            onChange={(event) => {
              const [file] = Array.from(event.currentTarget.files ?? []);
              if (!file) return;
              void shrink(file).then((small) => {
                setHanded(true);
                onChange(attach(small, 'image'));
              });
            }}
          />
        </label>
      </div>
    </div>
  );
}

interface Props {
  signers: Signer[];
  onSend: (draft: Draft) => Promise<void>;
  onCancel: () => void;
}

/** Everybody signs, one below the other: a party first says that they agree to sign like this. The mediator (side 0) comes last. */
export function Signing({ signers, onSend, onCancel }: Props) {
  const [agreed, setAgreed] = useState<Record<number, boolean>>({ 0: true });
  const [drawn, setDrawn] = useState<Record<number, Attachment | undefined>>({});
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async () => {
    const lacking = signers.find(({ side }) => !agreed[side] || !drawn[side]);
    if (lacking) {
      setWrong(say(agreed[lacking.side] ? 'sign.lacks' : 'sign.notAgreed', { who: lacking.name }));
      return;
    }
    setBusy(true);
    setWrong('');
    try {
      const files = signers.map(({ side }) => drawn[side]).filter((one): one is Attachment => one !== undefined);
      await onSend({ sign_how: 'drawn', files, drawn_by: signers.map(({ side }) => ({ side, agreed: true })) as never });
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause;
      setWrong(cause.message || say(cause.offline ? 'error.offline' : 'error.broken'));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="signing">
      <p className="hint">{say('sign.hint')}</p>
      {signers.map(({ side, name }) => (
        <fieldset key={side}>
          <legend>{name}</legend>
          {side !== 0 && (
            <label className="tick">
              <input
                type="checkbox"
                checked={agreed[side] === true}
                onChange={(event) => {
                  const yes = event.currentTarget.checked;
                  setAgreed({ ...agreed, [side]: yes });
                  setWrong('');
                  if (!yes) setDrawn({ ...drawn, [side]: undefined });
                }}
              />
              {say('sign.agree')}
            </label>
          )}
          {agreed[side] && (
            <Pad
              who={name}
              picture={drawn[side]}
              onChange={(picture) => {
                setDrawn((old) => ({ ...old, [side]: picture }));
                setWrong('');
              }}
            />
          )}
        </fieldset>
      ))}
      {wrong && (
        <p className="error" role="alert">
          {wrong}
        </p>
      )}
      <div className="send">
        <button type="button" className="button" onClick={onCancel}>
          {say('form.cancel')}
        </button>
        <button type="button" className="button main" disabled={busy} onClick={() => void send()}>
          {say(busy ? 'form.sending' : 'sign.done')}
        </button>
      </div>
    </section>
  );
}
