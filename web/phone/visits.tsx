import { Skeleton, Toast } from 'antd-mobile';
import { useEffect, useState } from 'react';
import { api, got } from '../api/client';
import { useQuery } from '../api/query';
import type { Kind, RegisterItem, RegisterPage } from '../api/types';
import { database } from '../offline/db';
import type { Attachment } from '../ui/attachment';
import { voicesOf } from '../ui/form';
import '../ui/form.css';
import { PhotoTaker } from '../ui/photos';
import { go, useRoute } from '../ui/route';
import { Speak } from '../ui/speak';
import { spoken } from '../ui/spoken';
import { day, parts } from '../ui/time';
import { say } from '../ui/words';
import { Frame } from './frame';
import { either, readPack } from './own';
import { People } from './people';
import { draftOf, remove, save, useQueue } from './queue';
import { t } from './words';

const ahead = 8; // days that 待访 looks forward: this week's

/** Visits that are mine, the nearest due first; each page is kept, so that the door can be opened without a network. */
export async function readVisits(): Promise<RegisterItem[]> {
  const due_before = parts(Date.now() + ahead * 86400e3).date;
  const read = async () =>
    (
      await got(
        api.GET('/api/v1/registers/{register}', {
          params: { path: { register: 'care' }, query: { mine: 'true', due_before, limit: 100 } },
        }),
      )
    ).items;
  const items = await either('visits', read);
  void Promise.all(items.map(({ id }) => readVisit(id).catch(() => undefined)));
  return items;
}

const readVisit = (id: string) =>
  either<RegisterPage>(`visit/${id}`, () =>
    got(api.GET('/api/v1/registers/{register}/{id}', { params: { path: { register: 'care', id } } })),
  );

function dueText(row: RegisterItem): string {
  if (!row.due) return '';
  return t(row.overdue ? 'visits.missed' : 'visits.due', { day: day(row.due) });
}

/** On the first page: whom I look in on this week. */
export function VisitsDue() {
  const { data } = useQuery('visits', readVisits);
  const waiting = useQueue();
  if (!data || data.length === 0) return null;
  return (
    <section className="block visits">
      <h2>{t('visits.title', { n: data.length })}</h2>
      <ul>
        {data.map((row) => (
          <li key={row.id}>
            <a href={`#/visit/${row.id}`}>
              <span>
                <b>{row.person?.name}</b> {row.title} <small>{row.unit.name}</small>
              </span>
              <small className={row.overdue ? 'due late' : 'due'}>
                {waiting.some(({ command }) => command.subject === row.id) ? t('list.queued') : dueText(row)}
              </small>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface Met {
  met: string;
  condition: string;
  fresh: string;
  until: string;
  moved_to: string;
}
const unmet: Met = { met: '', condition: '', fresh: '', until: '', moved_to: '' };

interface Matter {
  kind: string;
  text: string;
  danger: boolean;
}

const seen = ['MET', 'PHONE', 'KIN', 'SEEN'];

/** What is sent of one person: only what belongs to how they were met. */
function said(one: Met): Record<string, string> {
  const { met, condition, fresh, until, moved_to } = one;
  return {
    met,
    ...(condition && { condition }),
    ...(fresh && { fresh }),
    ...(met === 'AWAY' && until && { until }),
    ...(met === 'MOVED' && moved_to && { moved_to }),
  };
}

interface PersonProps {
  voices: (Attachment | string)[];
  onVoices: (voices: (Attachment | string)[]) => void;
  row: RegisterItem;
  results: { value: string; label: string }[];
  one: Met;
  set: (part: Partial<Met>) => void;
}

/** One of the household: who was met, how they are, what is new. */
function PersonMet({ row, results, one, set, voices, onVoices }: PersonProps) {
  const id = `met-${row.id}`;
  return (
    <>
      <div className="choices big" role="radiogroup" aria-label={t('visits.met')}>
        {results.map(({ value, label }) => (
          <label key={value} className={one.met === value ? 'chosen' : ''}>
            <input className="unseen" type="radio" name={id} checked={one.met === value} onChange={() => set({ met: value })} />
            {label}
          </label>
        ))}
      </div>
      {one.met !== '' && (
        <div className="field">
          <label htmlFor={`${id}-condition`}>
            {t('visits.condition')}
            {!seen.includes(one.met) && <small>{say('form.optional')}</small>}
          </label>
          <textarea
            id={`${id}-condition`}
            rows={2}
            value={one.condition}
            onChange={(event) => set({ condition: event.currentTarget.value })}
          />
          <Speak text={one.condition} onText={(condition) => set({ condition })} voices={voices} onVoices={onVoices} />
        </div>
      )}
      {seen.includes(one.met) && (
        <div className="field">
          <label htmlFor={`${id}-fresh`}>
            {t('visits.fresh')}
            <small>{say('form.optional')}</small>
          </label>
          <textarea id={`${id}-fresh`} rows={2} value={one.fresh} onChange={(event) => set({ fresh: event.currentTarget.value })} />
          <Speak text={one.fresh} onText={(fresh) => set({ fresh })} voices={voices} onVoices={onVoices} />
        </div>
      )}
      {one.met === 'AWAY' && (
        <div className="field">
          <label htmlFor={`${id}-until`}>{t('visits.until')}</label>
          <input id={`${id}-until`} type="date" value={one.until} onChange={(event) => set({ until: event.currentTarget.value })} />
        </div>
      )}
      {one.met === 'MOVED' && (
        <div className="field">
          <label htmlFor={`${id}-moved`}>{t('visits.movedTo')}</label>
          <input id={`${id}-moved`} type="text" value={one.moved_to} onChange={(event) => set({ moved_to: event.currentTarget.value })} />
        </div>
      )}
    </>
  );
}

/** What came up at the door: each becomes a case of its own. */
function Matters({
  kinds,
  list,
  set,
  voices,
  onVoices,
}: { kinds: Kind[]; list: Matter[]; set: (list: Matter[]) => void } & Pick<PersonProps, 'voices' | 'onVoices'>) {
  const change = (at: number, part: Partial<Matter>) => set(list.map((one, i) => (i === at ? { ...one, ...part } : one)));
  return (
    <section className="block">
      <h2>{t('visits.matters')}</h2>
      {list.map((one, i) => (
        <div key={i} className="field">
          <div className="choices small" role="radiogroup" aria-label={t('spot.kind')}>
            {kinds.map(({ kind, short }) => (
              <label key={kind} className={one.kind === kind ? 'chosen' : ''}>
                <input
                  className="unseen"
                  type="radio"
                  name={`kind-${i}`}
                  checked={one.kind === kind}
                  onChange={() => change(i, { kind })}
                />
                {short}
              </label>
            ))}
          </div>
          <textarea
            rows={2}
            aria-label={t('visits.matter')}
            placeholder={t('visits.matter')}
            value={one.text}
            onChange={(event) => change(i, { text: event.currentTarget.value })}
          />
          <Speak text={one.text} onText={(text) => change(i, { text })} voices={voices} onVoices={onVoices} />
          <label className="tick">
            <input type="checkbox" checked={one.danger} onChange={(event) => change(i, { danger: event.currentTarget.checked })} />
            {t('visits.danger')}
          </label>
        </div>
      ))}
      <button type="button" className="button wide" onClick={() => set([...list, { kind: 'difficulty', text: '', danger: false }])}>
        ＋ {t('visits.addMatter')}
      </button>
    </section>
  );
}

function lacking(all: Met[], matters: Matter[]): 'met' | 'condition' | 'until' | 'movedTo' | 'matter' | undefined {
  const [own] = all;
  if (!own || own.met === '') return 'met';
  if (all.some((one) => seen.includes(one.met) && one.condition.trim() === '')) return 'condition';
  if (all.some((one) => one.met === 'AWAY' && one.until === '')) return 'until';
  if (all.some((one) => one.met === 'MOVED' && one.moved_to.trim() === '')) return 'movedTo';
  if (matters.some(({ text }) => text.trim() === '') || (own.met === 'DANGER' && matters.length === 0)) return 'matter';
  return undefined;
}

interface Sent {
  also?: ({ row: string } & Met)[];
  matters?: Matter[];
  voices?: string[];
}

/** 改一改再交: the visit as it was refused. */
function useRefused(
  edit: string | null,
  begin: (met: Record<string, Met>, matters: Matter[], voices: (Attachment | string)[]) => void,
  id: string,
): void {
  useEffect(() => {
    if (!edit) return;
    void database()
      .then((db) => db.get('queue', edit))
      .then(async (old) => {
        if (!old) return;
        const { also = [], matters = [], voices: _there, ...own } = old.command.fields as Sent;
        const others = Object.fromEntries(also.map(({ row, ...one }) => [row, { ...unmet, ...one }]));
        begin({ ...others, [id]: { ...unmet, ...own } }, matters, voicesOf(await draftOf(old)));
      });
  }, [edit]);
}

function Door({ page, kinds }: { page: RegisterPage; kinds: Kind[] }) {
  const edit = useRoute().query.get('edit');
  const [met, setMet] = useState<Record<string, Met>>({});
  const [matters, setMatters] = useState<Matter[]>([]);
  const [files, setFiles] = useState<Attachment[]>([]);
  const [voices, setVoices] = useState<(Attachment | string)[]>([]);
  const [wrong, setWrong] = useState<ReturnType<typeof lacking>>();
  useRefused(
    edit,
    (old, list, said) => {
      setMet(old);
      setMatters(list);
      setVoices(said);
    },
    page.id,
  );
  const form = page.verbs.find(({ verb }) => verb === 'visit')?.form ?? [];
  const results = form.find(({ name }) => name === 'met')?.options ?? [];
  const rows: RegisterItem[] = [page, ...page.beside];
  const of = (row: RegisterItem) => met[row.id] ?? unmet;
  const submit = async () => {
    const others = page.beside.filter((row) => of(row).met !== '');
    const lack = lacking([of(page), ...others.map(of)], matters);
    setWrong(lack);
    if (lack) return;
    const heard = spoken(
      {
        ...said(of(page)),
        ...(others.length > 0 && { also: others.map((row) => ({ row: row.id, ...said(of(row)) })) }),
        ...(matters.length > 0 && { matters }),
      },
      voices,
    );
    const there = heard.voices.filter((one) => typeof one === 'string');
    const done = await save({
      verb: 'visit',
      kind: 'care',
      subject: page.id,
      ...(page.rev !== undefined && !edit && { rev: page.rev }),
      fields: { ...heard.words, ...(there.length > 0 && { voices: there }) },
      files: { files, voices: heard.voices.filter((one) => typeof one !== 'string') },
      title: `${t('visits.visit')} · ${page.person?.name ?? ''}`,
      detail: [results.find(({ value }) => value === of(page).met)?.label, of(page).condition].filter(Boolean).join(' '),
    });
    if (edit) await remove(edit);
    Toast.show({ content: 'answer' in done ? t('visits.done') : done.state === 'refused' ? (done.reason ?? '') : t('case.kept') });
    go('');
  };
  return (
    <form
      className="spot"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {rows.map((row) => (
        <section key={row.id} className="block">
          <h2>
            {row.person?.name} <small>{row.title}</small>
          </h2>
          <p className={row.overdue ? 'due late' : 'due'}>{dueText(row)}</p>
          {row.facts
            .filter(({ name }) => ['wishes', 'kin', 'condition', 'fresh'].includes(name))
            .map(({ name, label, value }) => (
              <p key={name} className="hint">
                {label}：{value}
              </p>
            ))}
          <PersonMet
            row={row}
            results={results}
            one={of(row)}
            set={(part) => setMet((old) => ({ ...old, [row.id]: { ...(old[row.id] ?? unmet), ...part } }))}
            voices={voices}
            onVoices={setVoices}
          />
        </section>
      ))}
      <Matters kinds={kinds} list={matters} set={setMatters} voices={voices} onVoices={setVoices} />
      <section className="block">
        <PhotoTaker voice items={files} onChange={setFiles} />
      </section>
      {wrong && (
        <p className="error" role="alert">
          {t(`visits.lack.${wrong}`)}
        </p>
      )}
      <button type="submit" className="button main wide tall">
        {t('visits.save')}
      </button>
    </form>
  );
}

/** At the door: one page for the whole household. */
export function VisitPage({ id }: { id: string }) {
  const { data, error, loading } = useQuery(`visit/${id}`, () => readVisit(id));
  const pack = useQuery('pack', readPack, 600e3).data;
  return (
    <Frame title={t('visits.visit')} back={() => go('')} foot={<span />}>
      {data && data.person && <People people={[{ ...data.person, role: 'subject', role_label: data.title, side: 0 }]} />}
      {data && pack && <Door page={data} kinds={pack.kinds} />}
      {!data && loading && <Skeleton.Paragraph animated lineCount={8} />}
      {!data && error && <p className="nothing">{error.offline ? t('case.notHere') : error.message}</p>}
    </Frame>
  );
}
