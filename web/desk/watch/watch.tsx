import { App, Button, Input } from 'antd';
import { useState } from 'react';
import { api, got } from '../../api/client';
import { useCommandId } from '../../api/command';
import { newId } from '../../api/id';
import { Problem } from '../../api/problem';
import { useQuery } from '../../api/query';
import type { Gap, RootProposal, Session } from '../../api/types';
import { CaseCard } from '../../ui/casecard';
import { day } from '../../ui/time';
import { say } from '../../ui/words';
import { usePack } from '../own';
import { t } from '../words';
import './watch.css';

const told = (cause: unknown): string => {
  if (!(cause instanceof Problem)) throw cause;
  return cause.message || say('error.offline');
};

function Season({ unit, may }: { unit: string; may: boolean }) {
  const { message } = App.useApp();
  const { data, refresh } = useQuery(may ? `season/${unit}` : null, () => got(api.GET('/api/v1/season', { params: { query: { unit } } })));
  if (!data || data.items.length === 0) return null;
  const done = async (item: string) => {
    const header = { 'Idempotency-Key': newId() };
    try {
      await got(api.POST('/api/v1/registers/{register}', { params: { path: { register: 'season' }, header }, body: { unit, item } }));
      await refresh();
    } catch (cause) {
      message.error(told(cause));
    }
  };
  return (
    <section className="panel">
      <h2>{t('watch.season')}</h2>
      <ul className="plainlist">
        {data.items.map(({ item, done: was }) => (
          <li key={item} className={was ? 'done' : ''}>
            <span>{item}</span>
            {was ? (
              <small>{t('watch.seasonDone', { by: was.by, at: day(was.at) })}</small>
            ) : (
              <Button size="small" aria-label={`${item}：${t('watch.seasonDo')}`} onClick={() => void done(item)}>
                {t('watch.seasonDo')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One proposal: its cases, and what one makes of it. */
function Root({ one, onDone }: { one: RootProposal; onDone: () => Promise<void> }) {
  const once = useCommandId();
  const { message } = App.useApp();
  const [words, setWords] = useState('');
  const [busy, setBusy] = useState(false);
  const cases = one.cases.map(({ id }) => id);
  const act = async (id: string, verb: string, body: Record<string, unknown>) => {
    const header = { 'Idempotency-Key': newId() };
    await got(api.POST('/api/v1/cases/{id}/{verb}', { params: { path: { id, verb }, header }, body }));
  };
  const doing = async (what: () => Promise<void>) => {
    setBusy(true);
    try {
      await what();
      await onDone();
    } catch (cause) {
      message.error(told(cause));
    } finally {
      setBusy(false);
    }
  };
  // Both steps or, tried again, both once: the case that was made the first time is found by the same id.
  const make = () =>
    once(async (id) => {
      const body = { kind: one.kind, category: one.category, unit: one.unit.code, text: words.trim() };
      const made = await got(api.POST('/api/v1/cases', { params: { header: { 'Idempotency-Key': id } }, body }));
      if ('id' in made) await act(made.id, 'root', { cases });
    });
  const [newest = ''] = cases;
  const first = cases[cases.length - 1] ?? '';
  return (
    <li className="root">
      <h3>
        {t('watch.root', { days: one.days, n: one.cases.length, what: one.category_label, unit: one.unit.name })}
        <small>{t(`watch.why.${one.why}`)}</small>
      </h3>
      <div className="behind">
        {one.cases.map((card) => (
          <CaseCard key={card.id} card={card} href={`#/case/${card.id}`} />
        ))}
      </div>
      <Input
        aria-label={t('watch.cause')}
        placeholder={t('watch.cause')}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <div className="buttons">
        {one.root ? (
          <Button type="primary" disabled={busy} onClick={() => void doing(() => act(one.root?.id ?? '', 'root', { cases }))}>
            {t('watch.join', { number: one.root.number })}
          </Button>
        ) : (
          <Button type="primary" disabled={busy || !words.trim()} onClick={() => void doing(make)}>
            {t('watch.accept')}
          </Button>
        )}
        <Button
          disabled={busy || !words.trim()}
          title={t('watch.noneWhy')}
          onClick={() => void doing(() => act(newest, 'not_root', { cases: [first], reason: words.trim() }))}
        >
          {t('watch.none')}
        </Button>
      </div>
    </li>
  );
}

function Roots({ unit, may }: { unit: string; may: boolean }) {
  const { data, error, refresh } = useQuery(may ? `roots/${unit}` : null, () =>
    got(api.GET('/api/v1/roots', { params: { query: { unit } } })),
  );
  if (!may) return null;
  return (
    <section className="panel">
      <h2>{t('watch.roots')}</h2>
      {error && <p className="error">{error.message || say('error.offline')}</p>}
      {data?.items.length === 0 && <p className="soft">{t('watch.rootsNone')}</p>}
      <ul className="roots">
        {data?.items.map((one) => (
          <Root key={one.cases[0]?.id ?? one.category} one={one} onDone={refresh} />
        ))}
      </ul>
    </section>
  );
}

function OneGap({ gap }: { gap: Gap }) {
  return (
    <details open={gap.count > 0 && gap.count < 10}>
      <summary>
        {gap.label} <b>{gap.count || t('watch.covered')}</b>
      </summary>
      {gap.count > 0 && <p className="soft">{gap.next}</p>}
      <ul className="gaps">
        {gap.rows.map(({ unit, what }, n) => (
          <li key={n}>{[unit.name, what].filter(Boolean).join(' · ')}</li>
        ))}
      </ul>
    </details>
  );
}

function Coverage({ unit, may }: { unit: string; may: boolean }) {
  const { data } = useQuery(may ? `coverage/${unit}` : null, () => got(api.GET('/api/v1/coverage', { params: { query: { unit } } })));
  if (!data) return null;
  return (
    <section className="panel coverage">
      <h2>{t('watch.coverage')}</h2>
      {data.gaps.map((gap) => (
        <OneGap key={gap.gap} gap={gap} />
      ))}
    </section>
  );
}

function Burden() {
  const burden = usePack()?.burden;
  if (!burden) return null;
  return (
    <section className="panel burden">
      <h2>{t('watch.burden')}</h2>
      <p className="soft">
        {burden.title}（{burden.review}）
      </p>
      <dl>
        {burden.rules.map(({ rule, kept_by }) => (
          <div key={rule}>
            <dt>{rule}</dt>
            <dd>{kept_by}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What a committee had better look at by itself, before anybody complains. The server says who may see which part. */
export function Watch({ session }: { session: Session }) {
  const unit = session.unit.code;
  const may = (call: string) => session.may.includes(call);
  return (
    <section className="watch">
      <h1>{t('watch.title')}</h1>
      <Season unit={unit} may={may('get_season')} />
      <Roots unit={unit} may={may('list_roots')} />
      <Coverage unit={unit} may={may('get_coverage')} />
      <Burden />
    </section>
  );
}
