import type { ReactNode } from 'react';
import type { Hit } from '../../api/types';
import { Flags } from '../../ui/casecard';
import { day } from '../../ui/time';
import { say } from '../../ui/words';
import { t } from '../words';
import { useHits } from './hits';

const kinds = ['', 'case', 'person', 'place', 'activity'] as const;

function Snippet({ of: { snippet } }: { of: Hit }) {
  return <p className="snippet">{snippet.map(({ text, hit }, n) => (hit ? <mark key={n}>{text}</mark> : text))}</p>;
}

/** One thing found: what it is, which one, and why. Cases and people have a page of their own to open. */
function Row({ hit, type, title, facts, href }: { hit: Hit; type: string; title: ReactNode; facts: string[]; href?: string }) {
  const body = (
    <>
      <span className="type">{type}</span>
      <strong>{title}</strong>
      <span className="soft">{facts.filter(Boolean).join(' · ')}</span>
      <Snippet of={hit} />
    </>
  );
  return <li>{href ? <a href={href}>{body}</a> : <div>{body}</div>}</li>;
}

function Found({ hit }: { hit: Hit }) {
  const { case: card, person, place, activity } = hit;
  if (card) {
    const title = (
      <>
        <Flags card={card} />
        {card.title}
      </>
    );
    const facts = [card.number, card.category_label || say('case.unsorted'), card.unit.name, card.state_label, day(card.reported_at)];
    return <Row hit={hit} type={card.kind_label} title={title} facts={facts} href={`#/case/${card.id}`} />;
  }
  if (person)
    return (
      <Row
        hit={hit}
        type={t('search.person')}
        title={person.name || '—'}
        facts={[person.phone, person.unit.name]}
        href={`#/person/${person.id}`}
      />
    );
  if (place) return <Row hit={hit} type={place.kind_label} title={place.name} facts={[place.address, place.unit.name]} />;
  if (!activity) return null;
  const facts = [activity.topic_label, activity.unit.name, activity.at ? day(activity.at) : ''];
  return <Row hit={hit} type={activity.type_label} title={activity.title || activity.topic_label || activity.type_label} facts={facts} />;
}

function address(q: string, kind: string): string {
  return `#/search?${new URLSearchParams(kind ? { q, kind } : { q }).toString()}`;
}

export function Search({ query }: { query: URLSearchParams }) {
  const q = query.get('q') ?? '';
  const kind = query.get('kind') ?? '';
  const { items, complete, loading, error, more, again } = useHits(q, kind);
  return (
    <section className="search" aria-busy={loading}>
      <h1>{t('search.title', { q })}</h1>
      <nav className="kinds" aria-label={t('search.kinds')}>
        {kinds.map((one) => (
          <a key={one} href={address(q, one)} aria-current={one === kind ? 'true' : undefined}>
            {t(`search.${one || 'all'}`)}
          </a>
        ))}
        <a href="#/person/new">{t('person.new')}</a>
      </nav>
      {!complete && <p className="soft">{t('search.incomplete')}</p>}
      {error && (
        <p className="error" role="alert">
          {error.message || say('error.offline')}{' '}
          {error.code !== 'too_short' && (
            <button type="button" className="link" onClick={again}>
              {say('state.again')}
            </button>
          )}
        </p>
      )}
      {!error && !loading && items.length === 0 && (
        <p className="quiet" role="status">
          {t('search.none', { q })}
          <br />
          {t('search.advice')}
        </p>
      )}
      <ol>
        {items.map((hit) => {
          const { id } = hit.case ?? hit.person ?? hit.place ?? hit.activity ?? { id: '' };
          return <Found key={id} hit={hit} />;
        })}
      </ol>
      {loading && (
        <p className="quiet" role="status">
          {say('state.loading')}
        </p>
      )}
      {!loading && more && (
        <button type="button" className="button more" onClick={more}>
          {t('search.more')}
        </button>
      )}
    </section>
  );
}
