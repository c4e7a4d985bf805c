import { attach, type Attachment } from './attachment';
import { useUrl } from './photos';
import { markOf, named } from './spoken';
import { VoiceNote } from './voice';

function Player({ voice, n }: { voice: Attachment; n: number }) {
  const url = useUrl(voice.blob);
  return <li className="audio">{url && <audio src={url} controls preload="metadata" aria-label={markOf(n)} />}</li>;
}

interface Props {
  text: string;
  onText: (text: string) => void;
  voices: (Attachment | string)[];
  onVoices: (voices: (Attachment | string)[]) => void;
}

/** Under a text: speak instead of typing. The text then names the recording; who takes the name out leaves the recording behind. */
export function Speak({ text, onText, voices, onVoices }: Props) {
  const here = named(text).flatMap((n) => {
    const voice = voices[n - 1];
    return voice && typeof voice !== 'string' ? [{ voice, n }] : [];
  });
  return (
    <div className="speak">
      <VoiceNote
        onMade={(blob, seconds) => {
          onVoices([...voices, attach(blob, 'audio', seconds)]);
          onText(`${text}${markOf(voices.length + 1)}`);
        }}
      />
      {here.length > 0 && (
        <ul className="taken">
          {here.map(({ voice, n }) => (
            <Player key={voice.key} voice={voice} n={n} />
          ))}
        </ul>
      )}
    </div>
  );
}
