import { say } from './words';

interface Hung {
  hash: string;
  type: string;
  url: string;
}

/** The photos and recordings that hang on a page. */
export function HungFiles({ files }: { files: Hung[] }) {
  if (files.length === 0) return null;
  return (
    <ul className="files">
      {files.map(({ hash, type, url }) => (
        <li key={hash}>
          {type.startsWith('audio') ? (
            <audio src={url} controls preload="none" />
          ) : (
            <a href={url} target="_blank" rel="noreferrer">
              <img src={url} alt={say('photo.one')} loading="lazy" />
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}
