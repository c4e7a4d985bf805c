import { createContext, useContext } from 'react';
import { say } from './words';

export interface Recording {
  hash: string;
  url: string;
}

/** The files of the page on which texts stand: by them a recording that a text names is played. */
export const Recordings = createContext<Recording[]>([]);

const mark = /〔语音 ([0-9a-f]{8})〕/;

/** A text, with a player in place of each recording that nobody has written down yet. */
export function Said({ text }: { text: string }) {
  const files = useContext(Recordings);
  return (
    <>
      {text.split(mark).map((part, i) => {
        if (i % 2 === 0) return part;
        const file = files.find(({ hash }) => hash.startsWith(part));
        return file ? <audio key={i} src={file.url} controls preload="none" /> : <i key={i}>{say('voice.unwritten')}</i>;
      })}
    </>
  );
}
