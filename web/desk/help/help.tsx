import { App } from 'antd';
import { api, got } from '../../api/client';
import { Problem } from '../../api/problem';
import { useQuery } from '../../api/query';
import type { Card, RegisterItem, Session } from '../../api/types';
import { day } from '../../ui/time';
import { say } from '../../ui/words';
import { t } from '../words';
import '../register/register.css';
import './help.css';

const size = 100;

/** All difficulties, whoever entered them: those that nobody has taken first. */
async function readNeeds(unit: string): Promise<Card[]> {
  const page = (view: string) => got(api.GET('/api/v1/cases', { params: { query: { view, kind: 'difficulty', unit, limit: size } } }));
  const [unowned, open] = await Promise.all([page('new'), page('open')]);
  const known = new Set(unowned.items.map(({ id }) => id));
  return [...unowned.items, ...open.items.filter(({ id }) => !known.has(id))];
}

function Need({ card }: { card: Card }) {
  const unowned = card.state === 'reported';
  return (
    <li>
      <a href={`#/case/${card.id}`}>
        <span className="title">
          {unowned && <b className="overdue">{t('help.unowned')} </b>}
          {card.title}
        </span>
        <small>
          {[
            card.category_label,
            card.unit.name,
            card.came.channel,
            card.came.finder,
            unowned ? '' : card.holder.name,
            day(card.reported_at),
          ]
            .filter(Boolean)
            .join(' · ')}
        </small>
      </a>
    </li>
  );
}

/** An offer with a button that rings up: the number is shown for that, and it is written down. */
function Offer({ row }: { row: RegisterItem }) {
  const { message, modal } = App.useApp();
  const call = async () => {
    if (!row.person) return;
    try {
      const body = { purpose: t('help.callPurpose') };
      const shown = await got(api.POST('/api/v1/persons/{id}/reveal', { params: { path: { id: row.person.id } }, body }));
      modal.info({
        title: shown.name,
        content: (
          <a className="button main" href={`tel:${shown.phone ?? ''}`}>
            {t('help.call')} {shown.phone}
          </a>
        ),
      });
    } catch (cause) {
      if (cause instanceof Problem) message.error(cause.message || say('error.offline'));
    }
  };
  return (
    <li className="offer">
      <a href={`#/registers/offers/${row.id}`}>
        <span className="title">
          <b>{row.person?.name}</b> {row.title}
        </span>
        <small>
          {[
            row.unit.name,
            ...row.facts
              .filter(({ name }) => ['offer_kind', 'free_when', 'hours_sum'].includes(name))
              .map(({ label, value }) => `${label} ${value}`),
          ].join(' · ')}
        </small>
      </a>
      <button type="button" className="button" onClick={() => void call()}>
        {t('help.call')}
      </button>
    </li>
  );
}

/** The service desk: needs on one side, who can help on the other. */
export function Help({ session }: { session: Session }) {
  const unit = session.unit.code;
  const needs = useQuery(`cases/help/${unit}`, () => readNeeds(unit));
  const offers = useQuery(`rows/offers/${unit}/`, () =>
    got(api.GET('/api/v1/registers/{register}', { params: { path: { register: 'offers' }, query: { unit, limit: 100, state: 'open' } } })),
  );
  const error = needs.error ?? offers.error;
  return (
    <section className="registers help two">
      <section className="panel">
        <h2>{t('help.needs', { n: needs.data?.length ?? 0 })}</h2>
        {error && <p className="error">{error.message || say('error.offline')}</p>}
        <ul className="rows">
          {needs.data?.map((card) => (
            <Need key={card.id} card={card} />
          ))}
        </ul>
        {needs.data?.length === 0 && <p className="quiet">{t('help.noNeeds')}</p>}
      </section>
      <section className="panel">
        <h2>{t('help.offers')}</h2>
        <ul className="rows">
          {offers.data?.items.map((row) => (
            <Offer key={row.id} row={row} />
          ))}
        </ul>
        {offers.data?.items.length === 0 && <p className="quiet">{t('help.noOffers')}</p>}
        <a className="button" href="#/registers/offers">
          {t('help.more')}
        </a>
      </section>
    </section>
  );
}
