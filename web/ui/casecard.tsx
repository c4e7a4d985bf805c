import type { Card } from '../api/types';
import { PromiseBar } from './promise';
import { day } from './time';
import { say } from './words';
import './casecard.css';

export function Flags({ card }: { card: Card }) {
  return (
    <>
      {card.danger && <span className="flag dark">{say('flag.danger')}</span>}
      {card.urged && <span className="flag late">{say('flag.urged')}</span>}
      {Boolean(card.reopened) && <span className="flag late">{say('flag.reopened')}</span>}
      {card.bounced > 0 && <span className="flag late">{say('flag.bounced', { n: card.bounced })}</span>}
      {card.paused && <span className="flag">{say('flag.paused')}</span>}
    </>
  );
}

/** One case in a list: what, where, who has it, and its three promises. */
export function CaseCard({ card, href, note }: { card: Card; href: string; note?: string | undefined }) {
  return (
    <a className="case-card" href={href}>
      <span className="over">
        <span>{card.number}</span>
        <span className="state">{card.state_label}</span>
      </span>
      <strong>{card.title}</strong>
      <span className="under">
        {card.unit.name} · {card.category_label || say('case.unsorted')} · {day(card.reported_at)}
      </span>
      <Flags card={card} />
      {note && <span className="flag late">{note}</span>}
      <PromiseBar promises={card.promises} small />
    </a>
  );
}
