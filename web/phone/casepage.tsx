import { Popup, Skeleton, Toast } from 'antd-mobile';
import { useEffect, useState } from 'react';
import { useQuery } from '../api/query';
import type { Case, Session, Verb } from '../api/types';
import { onBehalf } from '../ui/behalf';
import { Flags } from '../ui/casecard';
import { carefulFor } from '../ui/careful';
import { controls } from '../ui/controls';
import { extensionNotes } from '../ui/extension';
import type { Draft } from '../ui/form';
import { HungFiles } from '../ui/hung';
import { phrasesFor, PhrasesOffered, withPhrases } from '../ui/phrases';
import { PromiseBar } from '../ui/promise';
import { Scans } from '../ui/scans';
import { database } from '../offline/db';
import { go, useRoute } from '../ui/route';
import { Recordings, Said } from '../ui/said';
import { onPaper, SignWays } from '../ui/signways';
import { moment } from '../ui/time';
import { Timeline } from '../ui/timeline';
import { VerbForm } from '../ui/verbform';
import { Frame } from './frame';
import { readCase, readChoices, readPack } from './own';
import { People } from './people';
import { draftOf, forQueue, remove, save, useQueue } from './queue';
import { t } from './words';

/** Those of one heading stand together. */
const grouped = (verbs: Verb[]) => {
  const headings = [...new Set(verbs.map(({ group }) => group))];
  return headings.flatMap((heading) => verbs.filter(({ group }) => group === heading));
};

const atOnce = 2; // verbs that have a button of their own at the bottom

async function act(one: Case, verb: Verb, draft: Draft, edit: string | null): Promise<void> {
  const { fields, files } = await forQueue(verb.form, draft);
  const done = await save({
    verb: verb.verb,
    subject: one.id,
    rev: one.rev,
    fields,
    files,
    title: `${verb.label} · ${one.number}`,
    detail: one.title,
  });
  if (edit) await remove(edit);
  if ('answer' in done) return;
  Toast.show({ content: done.state === 'refused' ? (done.reason ?? '') : t('case.kept') });
}

const ownControls = { longtext: withPhrases(controls.longtext), files: Scans };

function Verbs({ one, session }: { one: Case; session: Session }) {
  const [open, setOpen] = useState<Verb>();
  const [more, setMore] = useState(false);
  const careful = useQuery('pack', readPack, 600e3).data?.careful;
  const [begin, setBegin] = useState<Draft>();
  const edit = useRoute().query.get('edit');
  useEffect(() => {
    // 改一改再交: the form as it was refused
    if (!edit) return;
    void database()
      .then((db) => db.get('queue', edit))
      .then(async (old) => {
        if (old) setBegin(await draftOf(old));
        setOpen(one.verbs.find(({ verb }) => verb === old?.command.verb));
      });
  }, [edit]);
  const sorted = [...one.verbs.filter(({ primary }) => primary), ...one.verbs.filter(({ primary }) => !primary)];
  const first = sorted.slice(0, atOnce);
  const rest = grouped(sorted.slice(atOnce));
  const start = (verb: Verb) => {
    setMore(false);
    setOpen(verb);
  };
  const send = async (verb: Verb, draft: Draft) => {
    await act(one, verb, draft, edit);
    setOpen(undefined);
    if (edit) go(`case/${one.id}`, true);
  };
  const form = (shown: Verb) => (
    <PhrasesOffered value={phrasesFor(one, session, shown.verb)}>
      <VerbForm
        staff
        careful={carefulFor(careful, one.kind)}
        verb={shown}
        controls={ownControls}
        {...(begin ? { begin } : {})}
        choices={(type) => readChoices(type, session.unit.code)}
        behalf={onBehalf((type) => readChoices(type, session.unit.code))}
        onSend={(draft) => send(shown, draft)}
        onCancel={() => setOpen(undefined)}
      />
    </PhrasesOffered>
  );
  return (
    <div className="verbs">
      {rest.length > 0 && (
        <button type="button" className="button" onClick={() => setMore(true)}>
          {t('case.more')}
        </button>
      )}
      {first.map((verb) => (
        <button key={verb.verb} type="button" className={verb.primary ? 'button main' : 'button'} onClick={() => start(verb)}>
          {verb.label}
        </button>
      ))}
      <Popup visible={more} onMaskClick={() => setMore(false)} onClose={() => setMore(false)} bodyClassName="sheet">
        <ul className="more">
          {rest.map((verb, i) => (
            <li key={verb.verb}>
              {verb.group !== rest[i - 1]?.group && <h3>{verb.group}</h3>}
              <button type="button" className="button wide" onClick={() => start(verb)}>
                {verb.label}
              </button>
            </li>
          ))}
        </ul>
      </Popup>
      <Popup visible={open !== undefined} onMaskClick={() => setOpen(undefined)} bodyClassName="sheet" destroyOnClose>
        {open && (
          <>
            <h2>{open.label}</h2>
            {open.verb === 'sign_agreement' ? (
              <SignWays one={one} verb={open} onSend={send} onCancel={() => setOpen(undefined)}>
                {form(onPaper(open))}
              </SignWays>
            ) : (
              form(open)
            )}
          </>
        )}
      </Popup>
    </div>
  );
}

function Facts({ one }: { one: Case }) {
  const rows: [string, string | null | undefined][] = [
    [t('case.kind'), one.category_label],
    [t('case.where'), [one.unit.name, one.place].filter(Boolean).join(' ')],
    [t('case.found'), [one.channel_label, one.finder].filter(Boolean).join(' · ')],
    [t('case.holder'), one.holder.name],
    ...one.fields.map(({ label, value }): [string, string] => [label, String(value)]),
    [t('case.outcome'), one.outcome_label],
    [t('case.result'), one.result],
  ];
  return (
    <dl className="facts">
      {rows.map(([label, value]) =>
        value ? (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <Said text={value} />
            </dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

function Body({ one }: { one: Case }) {
  const waiting = useQueue().filter(({ command }) => command.subject === one.id);
  const steps = one.timeline.map((step) => ({
    key: step.id,
    label: step.label,
    at: step.at,
    recordedAt: step.recorded_at,
    who: [step.actor.name, step.actor.post].filter(Boolean).join(' · '),
    text: step.text,
    inside: !step.open,
    facts: step.facts,
  }));
  return (
    <Recordings.Provider value={one.files}>
      <section className="block">
        <p className="over">
          <b>{one.state_label}</b> <Flags card={one} />
        </p>
        <h2>{one.title}</h2>
        <PromiseBar promises={one.promises} />
        {extensionNotes(one).map((note) => (
          <p key={note} className="hint">
            {note}
          </p>
        ))}
        {one.due && (
          <p className={one.due.overdue ? 'due late' : 'due'}>{t('case.due', { label: one.due.label, at: moment(one.due.at) })}</p>
        )}
        <p className="words">
          <Said text={one.text} />
        </p>
        <HungFiles files={one.files} />
      </section>
      {waiting.map((queued) => (
        <a key={queued.id} className="banner quiet" href="#/queue">
          {t('case.waiting', { title: queued.title })}
        </a>
      ))}
      <People people={one.persons} />
      <section className="block">
        <Facts one={one} />
      </section>
      <section className="block">
        <Timeline steps={steps.reverse()} />
      </section>
    </Recordings.Provider>
  );
}

export function CasePage({ id, session }: { id: string; session: Session }) {
  const { data, error, loading } = useQuery(`case/${id}`, () => readCase(id));
  return (
    <Frame
      title={data?.number ?? ''}
      back={() => go('')}
      foot={data && data.verbs.length > 0 ? <Verbs key={data.rev} one={data} session={session} /> : <span />}
    >
      {data && <Body one={data} />}
      {!data && loading && <Skeleton.Paragraph animated lineCount={8} />}
      {!data && error && <p className="nothing">{error.offline ? t('case.notHere') : error.message}</p>}
    </Frame>
  );
}
