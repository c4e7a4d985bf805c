import { useEffect, useRef, useState } from 'react';
import { t } from './words';

interface Props {
  number: string;
  track: string;
  by: string | undefined;
  committee: string;
}

const [width, height] = [720, 560];

function draw(canvas: HTMLCanvasElement, { number, track, by, committee }: Props): void {
  const pen = canvas.getContext('2d');
  if (!pen) return;
  const font = '"PingFang SC","HarmonyOS Sans SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif';
  const write = (text: string, y: number, size: number, colour: string, weight = 400) => {
    pen.font = `${weight} ${size}px ${font}`;
    pen.fillStyle = colour;
    pen.fillText(text, width / 2, y, width - 80);
  };
  pen.fillStyle = '#f5f3ef';
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = '#fff';
  pen.fillRect(24, 24, width - 48, height - 48);
  pen.textAlign = 'center';
  write(committee, 96, 36, '#22252a', 600);
  write(t('slip.number', { number }), 160, 30, '#555a61');
  write(t('slip.code'), 232, 30, '#555a61');
  write(track, 304, 58, '#22252a', 700);
  if (by) write(t('done.by', { at: by }), 388, 34, '#2c5a78', 600);
  write(t('slip.where', { host: location.host }), 456, 28, '#555a61');
  write(t('slip.secret'), 500, 28, '#555a61');
}

/** The receipt as a picture: long press saves it in WeChat, where a page can't download. */
export function Slip(props: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [picture, setPicture] = useState('');
  useEffect(() => {
    if (!canvas.current) return;
    draw(canvas.current, props);
    setPicture(canvas.current.toDataURL('image/png'));
  }, [props.number, props.by, props.committee]);
  return (
    <figure className="slip">
      <canvas ref={canvas} width={width} height={height} hidden={picture !== ''} />
      {picture && <img src={picture} alt={t('slip.alt', { code: props.track })} onError={() => setPicture('')} />}
      <figcaption>
        {/MicroMessenger/.test(navigator.userAgent) ? (
          t('slip.press')
        ) : (
          <a href={picture} download={`${props.number}.png`}>
            {t('slip.save')}
          </a>
        )}
      </figcaption>
    </figure>
  );
}
