import { Button, Cascader, Checkbox, DatePicker, Input, Segmented, Select } from 'antd';
import dayjs from 'dayjs';
import { useEffect, useRef, useState } from 'react';
import { api, got } from '../../api/client';
import { useCommandId } from '../../api/command';
import { openPaper } from '../../api/paper';
import { answerOnSpot, report } from '../../api/report';
import { useQuery } from '../../api/query';
import { Problem } from '../../api/problem';
import type { MadeCase, Pack, ReadyAnswer, Session, UnitPage } from '../../api/types';
import { moment } from '../../ui/time';
import { dutiesIn, FirstDo } from '../../ui/duties';
import { say } from '../../ui/words';
import { Answers, useSuggestions } from '../../ui/answers';
import { usePack, useUnit } from '../own';
import { t } from '../words';
import { FieldRow } from '../../ui/verbform';
import '../../ui/form.css';
import { controls } from '../controls';
import { fromChat } from './paste';
import { blank, body, packFields, twoSided, type IntakeDraft } from './draft';
import { Suggest } from './suggest';

interface Part {
  draft: IntakeDraft;
  set: (part: Partial<IntakeDraft>) => void;
}

function Field({ id, label, wrong, children }: { id: string; label: string; wrong?: boolean; children: React.ReactNode }) {
  return (
    <div className={wrong ? 'row wrong' : 'row'}>
      <label htmlFor={id}>{label}</label>
      <div>{children}</div>
    </div>
  );
}

/** What the pack asks for this kind and category: relation of the sides, amount in dispute, … */
function More({ draft, set, wrong }: Part & { wrong: Problem | undefined }) {
  const category = draft.category[draft.category.length - 1];
  const query = { verb: 'report', kind: draft.kind, ...(category ? { category } : {}) };
  const { data } = useQuery(
    draft.kind ? `form/${draft.kind}/${category ?? ''}` : null,
    () => got(api.GET('/api/v1/forms', { params: { query } })),
    600e3,
  );
  const form = {
    draft: draft.more,
    set: (name: string, value: unknown) => set({ more: { ...draft.more, [name]: value as IntakeDraft['more'][string] } }),
    wrong: wrong && { field: wrong.field, text: wrong.message },
  };
  return (
    <div className="more">
      {packFields(data?.form ?? []).map((field) => (
        <FieldRow key={field.name} id={`more-${field.name}`} field={{ ...field, voice: false }} form={form} controls={controls} />
      ))}
    </div>
  );
}

/** What was answered before: told to whoever stands there or is on the line, it is settled on the spot. */
function Given({ draft, set, unit }: Part & { unit: string }) {
  const found = useSuggestions(unit, draft.text);
  const use = (answer: ReadyAnswer) => set({ kind: 'request', answer });
  if (draft.answer)
    return (
      <div className="given">
        <h3>{t('intake.given')}</h3>
        <p>{draft.answer.answer}</p>
        <button type="button" className="button" onClick={() => set({ answer: undefined })}>
          {t('intake.notGiven')}
        </button>
      </div>
    );
  return found.length > 0 ? <Answers items={found.slice(0, 3)} onUse={use} /> : null;
}

function What({ draft, set, pack, unit, wrong }: Part & { pack: Pack; unit: string; wrong: Problem | undefined }) {
  const kind = pack.kinds.find((one) => one.kind === draft.kind);
  return (
    <section className="panel">
      <h2>{t('intake.what')}</h2>
      <Input.TextArea
        id="text"
        autoFocus
        aria-label={t('intake.what')}
        placeholder={t('intake.whatHint')}
        rows={8}
        value={draft.text}
        onChange={(event) => set({ text: event.target.value })}
        onPaste={(event) => {
          const told = draft.text.trim() ? undefined : fromChat(event.clipboardData.getData('text'));
          if (!told) return;
          event.preventDefault();
          set({
            text: told.text,
            channel: 'WECHAT',
            ...(draft.name ? {} : { name: told.name }),
            ...(draft.phone ? {} : { phone: told.phone }),
          });
        }}
      />
      <Suggest draft={draft} set={set} committee={unit} />
      <Given draft={draft} set={set} unit={draft.unit || unit} />
      <div className="row">
        <span>{t('intake.kind')}</span>
        <Segmented
          value={draft.kind}
          onChange={(code) => set({ kind: code, category: [], more: {} })}
          options={[...pack.kinds.map((one) => ({ value: one.kind, label: one.short })), { value: '', label: t('intake.later') }]}
        />
      </div>
      <FirstDo rules={dutiesIn(draft.text, draft.category[draft.category.length - 1], pack.duties)} />
      {!draft.kind && pack.kind_questions.length > 0 && (
        <ol className="questions">
          {pack.kind_questions.map((question) => (
            <li key={question}>{question}</li>
          ))}
        </ol>
      )}
      {kind && (
        <Field id="category" label={t('intake.category')}>
          <Cascader
            id="category"
            className="whole"
            changeOnSelect
            showSearch
            options={kind.categories}
            fieldNames={{ label: 'label', value: 'code', children: 'children' }}
            value={draft.category}
            onChange={(chosen) => set({ category: (chosen ?? []).map(String) })}
          />
        </Field>
      )}
      <More draft={draft} set={set} wrong={wrong} />
      <Checkbox checked={draft.danger} onChange={(event) => set({ danger: event.target.checked })}>
        {t('intake.danger')}
      </Checkbox>
    </section>
  );
}

function Who({ draft, set, wrong }: Part & { wrong: string | undefined }) {
  return (
    <section className="panel">
      <h2>{t('intake.who')}</h2>
      {!draft.anonymous && (
        <>
          <Field id="name" label={t('intake.name')} wrong={wrong === 'persons'}>
            <Input id="name" value={draft.name} onChange={(event) => set({ name: event.target.value })} />
          </Field>
          <Field id="phone" label={t('intake.phone')} wrong={wrong === 'contact_phone'}>
            <Input id="phone" type="tel" value={draft.phone} onChange={(event) => set({ phone: event.target.value })} />
          </Field>
        </>
      )}
      {twoSided(draft.kind) && (
        <Field id="other" label={t('intake.other')}>
          <Input id="other" value={draft.otherName} onChange={(event) => set({ otherName: event.target.value })} />
        </Field>
      )}
      <Checkbox checked={draft.anonymous} onChange={(event) => set({ anonymous: event.target.checked })}>
        {t('intake.anonymous')}
      </Checkbox>
    </section>
  );
}

function Where({ draft, set, pack, unit, wrong }: Part & { pack: Pack; unit: UnitPage | undefined; wrong: string | undefined }) {
  return (
    <section className="panel">
      <h2>{t('intake.where')}</h2>
      <Field id="channel" label={t('intake.channel')}>
        <Select
          id="channel"
          className="whole"
          options={pack.channels.map(({ code, label }) => ({ value: code, label }))}
          value={draft.channel}
          onChange={(channel: string) => set({ channel })}
        />
      </Field>
      <Field id="unit" label={t('intake.unit')} wrong={wrong === 'unit'}>
        <Select
          id="unit"
          className="whole"
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={t('intake.wholeCommittee')}
          options={(unit?.children ?? []).map(({ code, name }) => ({ value: code, label: name }))}
          value={draft.unit || undefined}
          onChange={(chosen?: string) => set({ unit: chosen ?? '' })}
        />
      </Field>
      <Field id="place" label={t('intake.place')}>
        <Input
          id="place"
          placeholder={t('intake.placeHint')}
          value={draft.place}
          onChange={(event) => set({ place: event.target.value })}
        />
      </Field>
      <Field id="external" label={t('intake.external')} wrong={wrong === 'external'}>
        <Input
          id="external"
          placeholder={t('intake.externalHint')}
          value={draft.external}
          onChange={(event) => set({ external: event.target.value })}
        />
      </Field>
      <Field id="form" label={t('intake.form')} wrong={wrong === 'form_no'}>
        <Input id="form" value={draft.form} onChange={(event) => set({ form: event.target.value })} />
      </Field>
      <Field id="meToo" label={t('intake.meToo')} wrong={wrong === 'me_too'}>
        <Input
          id="meToo"
          placeholder={t('intake.meTooHint')}
          value={draft.meToo}
          onChange={(event) => set({ meToo: event.target.value })}
        />
      </Field>
      {draft.external && (
        <Field id="due" label={t('intake.externalDue')}>
          <DatePicker
            id="due"
            className="whole"
            showTime={{ format: 'HH:mm' }}
            value={draft.externalDue ? dayjs(draft.externalDue) : null}
            onChange={(chosen) => set({ externalDue: chosen ? `${chosen.format('YYYY-MM-DDTHH:mm')}:00+08:00` : '' })}
          />
        </Field>
      )}
    </section>
  );
}

function Made({ made, onNext }: { made: MadeCase; onNext: () => void }) {
  const next = useRef<HTMLButtonElement>(null);
  useEffect(() => next.current?.focus(), []);
  return (
    <section className="panel made" role="status">
      <h2>{t('intake.made')}</h2>
      <dl>
        <dt>{t('inbox.number')}</dt>
        <dd>{'id' in made ? <a href={`#/case/${made.id}`}>{made.number}</a> : made.number}</dd>
        <dt>{t('intake.code')}</dt>
        <dd className="code">{made.track}</dd>
        {made.promises.reply.at && (
          <>
            <dt>{t('intake.by')}</dt>
            <dd>{moment(made.promises.reply.at)}</dd>
          </>
        )}
      </dl>
      <p className="soft">{t('intake.tell')}</p>
      {'id' in made && (
        <Button onClick={() => void openPaper('/api/v1/slips', { case: made.id, track: made.track })}>{t('intake.slip')}</Button>
      )}{' '}
      <Button ref={next} type="primary" onClick={onNext}>
        {t('intake.another')}
      </Button>
    </section>
  );
}

export function Intake({ session, form = '' }: { session: Session; form?: string }) {
  const pack = usePack();
  const unit = useUnit(session.unit.code);
  const [draft, setDraft] = useState<IntakeDraft>(() => ({ ...blank, ...(form ? { form, channel: 'WALKIN' } : {}) }));
  const [made, setMade] = useState<MadeCase>();
  const [wrong, setWrong] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const once = useCommandId();
  const set = (part: Partial<IntakeDraft>) => setDraft((old) => ({ ...old, ...part }));
  const submit = async () => {
    setBusy(true);
    setWrong(undefined);
    try {
      const said = body(draft, session.unit.code);
      const given = draft.answer;
      setMade(await once((id) => (given ? answerOnSpot(id, said, given) : report(id, said))));
      setDraft({ ...blank, channel: draft.channel });
    } catch (cause) {
      if (cause instanceof Problem) setWrong(cause);
    } finally {
      setBusy(false);
    }
  };
  const keys = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !busy) void submit();
  };
  if (!pack) return <p className="quiet">{say('state.loading')}</p>;
  if (made)
    return (
      <div className="intake">
        <Made made={made} onNext={() => setMade(undefined)} />
      </div>
    );
  return (
    <form
      className="intake"
      onKeyDown={keys}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void submit();
      }}
    >
      <div className="columns">
        <What draft={draft} set={set} pack={pack} unit={session.unit.code} wrong={wrong} />
        <div>
          <Who draft={draft} set={set} wrong={wrong?.field} />
          <Where draft={draft} set={set} pack={pack} unit={unit} wrong={wrong?.field} />
        </div>
      </div>
      <p className="save">
        {wrong && (
          <span className="error" role="alert">
            {wrong.message || say(wrong.offline ? 'error.offline' : 'error.broken')}
          </span>
        )}
        <span className="soft">{t('intake.key')}</span>
        <Button type="primary" size="large" htmlType="submit" loading={busy} disabled={!draft.text.trim()}>
          {t('intake.save')}
        </Button>
      </p>
    </form>
  );
}
