import { Progress, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { api, got, sendFile } from '../../api/client';
import { newId } from '../../api/id';
import type { Card, Session, Values, Verb } from '../../api/types';
import { sendable, type Draft } from '../../ui/form';
import { VerbForm } from '../../ui/verbform';
import { say } from '../../ui/words';
import { controls } from '../controls';
import { readChoices } from '../own';
import { t } from '../words';
import './bulk.css';

const atOnce = 20; // commands in one batch: small enough that the bar moves
const most = 100;

/** The verbs that are open for every one of them, with the form of the first: the server says which, for each case by itself. */
async function common(cards: Card[]): Promise<Verb[]> {
  const each = await Promise.all(cards.map(({ id }) => got(api.GET('/api/v1/cases/{id}/verbs', { params: { path: { id } } }))));
  const [first, ...others] = each.map(({ verbs }) => verbs.filter(({ blocked }) => !blocked));
  return (first ?? []).filter(({ verb }) => others.every((verbs) => verbs.some((other) => other.verb === verb)));
}

interface Refused {
  card: Card;
  why: string;
}

interface Props {
  chosen: Card[];
  session: Session;
  /** What was done, and which rows stay ticked because they were refused. */
  onDone: (refused: string[]) => void;
}

/** Several cases, one form, one command each: what is refused is said for each by itself, and the others are done all the same. */
export function Bulk({ chosen, session, onDone }: Props) {
  const [verbs, setVerbs] = useState<Verb[]>();
  const [name, setName] = useState<string>();
  const [done, setDone] = useState<number>();
  const [refused, setRefused] = useState<Refused[]>([]);
  const key = chosen.map(({ id }) => id).join();
  useEffect(() => {
    let late = false;
    setVerbs(undefined);
    common(chosen.slice(0, most)).then(
      (found) => !late && setVerbs(found),
      () => !late && setVerbs([]),
    );
    return () => {
      late = true;
    };
  }, [key]);
  const open = verbs?.find(({ verb }) => verb === name);
  // One command keeps its id however often it is tried: what got through before the network failed is not done twice.
  const ids = useRef(new Map<string, string>());
  const idOf = (card: Card, verb: Verb, fields: Values) => {
    const what = [card.id, verb.verb, JSON.stringify(fields)].join('\n');
    const known = ids.current.get(what) ?? newId();
    ids.current.set(what, known);
    return known;
  };

  const act = async (verb: Verb, draft: Draft) => {
    const fields = await sendable(verb.form, draft, sendFile);
    const cards = chosen.slice(0, most);
    const failed: Refused[] = [];
    setRefused([]);
    setDone(0);
    try {
      for (let from = 0; from < cards.length; from += atOnce) {
        const some = cards.slice(from, from + atOnce);
        const commands = some.map((card) => ({ id: idOf(card, verb, fields), verb: verb.verb, subject: card.id, fields }));
        const { answers } = await got(api.POST('/api/v1/batch', { body: { commands: commands as never[] } }));
        answers.forEach(({ status, body }, n) => {
          const card = some[n];
          const why = (body as { title?: string } | null)?.title ?? '';
          if (card && status >= 400) failed.push({ card, why });
        });
        setDone(Math.min(cards.length, from + atOnce));
      }
      ids.current.clear();
      setName(undefined);
      onDone(failed.map(({ card }) => card.id));
    } finally {
      setRefused(failed); // also when the network failed half way: what came before it is known
      setDone(undefined);
    }
  };
  return (
    <section className="panel bulk" aria-label={t('bulk.title')}>
      {chosen.length > 0 && (
        <p>
          {t('bulk.chosen', { n: Math.min(most, chosen.length) })}
          <Select
            aria-label={t('bulk.what')}
            placeholder={verbs ? t(verbs.length ? 'bulk.what' : 'bulk.nothing') : say('state.loading')}
            className="what"
            options={verbs?.map(({ verb, label }) => ({ value: verb, label })) ?? []}
            value={name}
            onChange={setName}
          />
        </p>
      )}
      {chosen.length > 0 && open && (
        <VerbForm
          key={open.verb}
          staff
          verb={open}
          controls={controls}
          choices={(type) => readChoices(type, session.unit.code)}
          onSend={(draft) => act(open, draft)}
          onCancel={() => setName(undefined)}
        />
      )}
      {done !== undefined && <Progress percent={Math.round((100 * done) / Math.max(1, Math.min(most, chosen.length)))} />}
      {refused.length > 0 && (
        <div role="alert">
          <p className="error">{t('bulk.refused', { n: refused.length })}</p>
          <ul>
            {refused.map(({ card, why }) => (
              <li key={card.id}>
                <a href={`#/case/${card.id}`}>{card.number}</a> {why}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
