import { Button, Input } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { api, got } from '../../api/client';
import { useQuery } from '../../api/query';
import type { Ledger, LedgerState, LedgerTarget, Session } from '../../api/types';
import { say } from '../../ui/words';
import { usePack } from '../own';
import { t } from '../words';
import { save, unitsBelow } from './calls';
import { FieldRow } from './fieldrow';
import {
  choicesOf,
  fit,
  fromEarlier,
  lacking,
  namedColumns,
  order,
  readMapping,
  shownDate,
  writeMapping,
  type Choice,
  type Draft,
  type Rule,
} from './mapping';
import { useStep, Wrong } from './page';

type Table = NonNullable<Ledger['table']>;

/** What somebody has mapped and not checked yet outlives a look at another page. */
const drafts = new Map<string, Draft>();

/** What was begun here, what was checked, what fitted last time, what the columns are called: in this order. */
function begin(ledger: Ledger, table: Table, earlier: LedgerState[]): { draft: Draft; from?: string } {
  const kept = drafts.get(ledger.id);
  const like = kept || ledger.mapping ? undefined : fromEarlier(earlier, namedColumns(table.columns), table.header);
  if (like) return { draft: like, from: like.name };
  const name = ledger.name.replace(/\.[^.]+$/, '');
  const own = readMapping(ledger.mapping, name) ?? readMapping(table.guess, name);
  return fit(kept ?? own ?? { name, header: table.header, rules: {} }, namedColumns(table.columns), table.header);
}

/** The first rows, and under each column what it stands for: one that nothing comes from may have been forgotten. */
function Sample({ table, draft, targets }: { table: Table; draft: Draft; targets: LedgerTarget[] }) {
  const uses = (name: string) => targets.filter((one) => draft.rules[one.name]?.columns.includes(name)).map(({ label }) => label);
  const dates = new Set(Object.entries(draft.rules).flatMap(([target, { columns }]) => (/_at$|due$/.test(target) ? columns : [])));
  return (
    <div className="sample" tabIndex={0} role="region" aria-label={t('ledger.sample')}>
      <table className="plain">
        <caption className="unseen">{t('ledger.sample')}</caption>
        <thead>
          <tr>
            {table.columns.map((name, i) => (
              <th key={i} scope="col">
                {name || t('ledger.noName')}
                {uses(name).length > 0 ? <small>→ {uses(name).join('、')}</small> : <small className="unused">{t('ledger.unused')}</small>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.sample.slice(0, 3).map((row, i) => (
            <tr key={i}>
              {row.map((value, k) => (
                <td key={k}>{dates.has(table.columns[k] ?? '') ? shownDate(value, table.since_1904) : value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A mapping used before, or one that somebody sent as a file. */
function Earlier({
  ledger,
  table,
  draft,
  onTake,
}: {
  ledger: Ledger;
  table: Table;
  draft: () => object;
  onTake: (draft: Draft, lost: string[]) => void;
}) {
  const { data } = useQuery('ledgers', () => got(api.GET('/api/v1/ledgers')));
  const [wrong, setWrong] = useState(false);
  const others = (data?.items ?? []).filter((one) => one.id !== ledger.id && readMapping(one.mapping));
  const take = (raw: unknown, name: string) => {
    const read = readMapping(raw, name);
    setWrong(!read);
    if (!read) return;
    const { draft: fitting, lost } = fit(read, namedColumns(table.columns), table.header);
    onTake(fitting, lost);
  };
  const open = async (file: File | undefined) => {
    if (!file) return;
    try {
      take(JSON.parse(await file.text()), file.name.replace(/\.[^.]+$/, ''));
    } catch {
      setWrong(true);
    }
  };
  return (
    <p className="earlier">
      {others.length > 0 && (
        <select
          aria-label={t('ledger.useEarlier')}
          value=""
          onChange={(event) => {
            const one = others.find(({ id }) => id === event.currentTarget.value);
            if (one) take(one.mapping, one.name);
          }}
        >
          <option value="">{t('ledger.useEarlier')}</option>
          {others.map((one) => (
            <option key={one.id} value={one.id}>
              {readMapping(one.mapping, one.name)?.name}（{one.name}）
            </option>
          ))}
        </select>
      )}
      <label className="button">
        {t('ledger.openMapping')}
        <input
          type="file"
          className="unseen"
          accept=".json,application/json"
          onChange={(event) => {
            void open(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
      </label>
      <button
        type="button"
        className="button"
        onClick={() => save(`${t('ledger.mappingFile')}.json`, 'application/json', JSON.stringify(draft(), null, 2))}
      >
        {t('ledger.saveMapping')}
      </button>
      {wrong && (
        <span className="error" role="alert">
          {t('ledger.noMapping')}
        </span>
      )}
    </p>
  );
}

interface Rows {
  targets: LedgerTarget[];
  ledger: Ledger;
  table: Table;
  draft: Draft;
  set: (target: string, rule: Rule | undefined) => void;
  choices: (target: string) => Choice[];
  onKnown: (target: string, known: Record<string, string>) => void;
  missing: string[];
}

function FieldRows({ targets, draft, set, missing, ...rest }: Rows) {
  return targets.map((target) => (
    <FieldRow
      key={target.name}
      target={target}
      rule={draft.rules[target.name]}
      kindFollows={target.name === 'kind' && !draft.rules.kind && !!draft.rules.category}
      missing={missing.includes(target.name)}
      onChange={(rule) => set(target.name, rule)}
      {...rest}
    />
  ));
}

function useChoices(session: Session, draft: Draft): ((target: string) => Choice[]) | undefined {
  const pack = usePack();
  const { data: units } = useQuery(`ledger-units/${session.unit.code}`, () => unitsBelow(session.unit.code), 600e3);
  const kind = draft.rules.kind?.is;
  return useMemo(() => {
    if (!pack || !units) return undefined;
    const roles = (['reporter', 'party', 'subject', 'contact'] as const).map((value) => ({ value, label: t(`ledger.role.${value}`) }));
    const words = { yes: say('form.yes'), no: say('form.no'), roles };
    return (target: string) => choicesOf(target, pack, units, words, kind);
  }, [pack, units, kind]);
}

interface Props {
  ledger: Ledger;
  session: Session;
  onChecking: () => void;
}

export function Columns(props: Props) {
  const { data, error } = useQuery('ledgers', () => got(api.GET('/api/v1/ledgers')));
  if (!data && !error) return <p className="quiet">{say('state.loading')}</p>;
  return <Mapping {...props} earlier={data?.items ?? []} />;
}

function Mapping({ ledger, session, onChecking, earlier }: Props & { earlier: LedgerState[] }) {
  const table = ledger.table as Table;
  const [begun] = useState(() => begin(ledger, table, earlier));
  const [draft, setDraft] = useState(begun.draft);
  const [known, setKnown] = useState<Record<string, Record<string, string>>>({});
  const [lost, setLost] = useState<string[]>([]);
  const [tried, setTried] = useState(false);
  const { busy, wrong, step } = useStep(ledger.id);
  const choices = useChoices(session, draft);
  useEffect(() => void drafts.set(ledger.id, draft), [draft]);
  if (!choices) return <p className="quiet">{say('state.loading')}</p>;
  const set = (target: string, rule: Rule | undefined) =>
    setDraft((old) => {
      const { [target]: _gone, ...rules } = old.rules;
      return { ...old, rules: rule ? { ...rules, [target]: rule } : rules };
    });
  const onKnown = (target: string, found: Record<string, string>) => setKnown((old) => ({ ...old, [target]: found }));
  const mapping = () => writeMapping(draft, known, choices);
  const { first, usual, more } = order(ledger.targets);
  const open = tried ? lacking(draft) : [];
  const rows = { ledger, table, draft, set, choices, onKnown, missing: open };
  const check = async () => {
    setTried(true);
    if (lacking(draft).length > 0) {
      document.querySelector<HTMLElement>(`#from-${lacking(draft)[0]?.replace('.', '-') ?? ''}`)?.focus();
      return;
    }
    // The table of routes says of `mapping` only that it is an object.
    const body = { mapping: mapping() as Record<string, never>, sheet: table.sheet };
    if (await step(() => got(api.POST('/api/v1/ledgers/{id}/check', { params: { path: { id: ledger.id } }, body })))) {
      drafts.delete(ledger.id);
      onChecking();
    }
  };
  const used = more.filter(({ name }) => draft.rules[name]).length;
  return (
    <>
      {begun.from !== undefined && (
        <p className="told" role="status">
          {t('ledger.fromEarlier', { name: begun.from })}
        </p>
      )}
      <Sample table={table} draft={draft} targets={ledger.targets} />
      <Earlier
        ledger={ledger}
        table={table}
        draft={mapping}
        onTake={(taken, gone) => {
          setDraft(taken);
          setLost(gone);
        }}
      />
      {lost.length > 0 && (
        <p className="warn" role="status">
          {t('ledger.lost', { columns: lost.join('、') })}
        </p>
      )}
      <section className="panel fields">
        <h2>{t('ledger.first')}</h2>
        <FieldRows targets={first} {...rows} />
      </section>
      <section className="panel fields">
        <h2>{t('ledger.usual')}</h2>
        <p className="soft">{t('ledger.usualHint')}</p>
        <FieldRows targets={usual} {...rows} />
        <details open={used > 0}>
          <summary>{used > 0 ? t('ledger.moreUsed', { n: more.length, used }) : t('ledger.more', { n: more.length })}</summary>
          <FieldRows targets={more} {...rows} />
        </details>
      </section>
      <p className="go">
        <Wrong wrong={wrong} />
        {open.length > 0 && (
          <span className="error" role="alert">
            {t('ledger.lacking', {
              fields: first
                .filter(({ name }) => open.includes(name))
                .map(({ label }) => label)
                .join('、'),
            })}
          </span>
        )}
        <label htmlFor="mapping-name">{t('ledger.mappingName')}</label>
        <Input id="mapping-name" maxLength={60} value={draft.name} onChange={(event) => setDraft({ ...draft, name: event.target.value })} />
        <Button type="primary" size="large" loading={busy} onClick={() => void check()}>
          {t('ledger.check')}
        </Button>
      </p>
      <p className="soft hint">{t('ledger.checkHint')}</p>
    </>
  );
}
