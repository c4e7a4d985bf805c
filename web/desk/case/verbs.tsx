import { App } from 'antd';
import { useEffect, useState } from 'react';
import { api, got, sendFile } from '../../api/client';
import { newId } from '../../api/id';
import { Problem } from '../../api/problem';
import { put, useQuery } from '../../api/query';
import type { Case, ReadyAnswer, Session, Verb } from '../../api/types';
import { whole } from '../../api/whole';
import { onBehalf } from '../../ui/behalf';
import { carefulFor } from '../../ui/careful';
import { sendable, type Draft } from '../../ui/form';
import { phrasesFor, PhrasesOffered } from '../../ui/phrases';
import { go } from '../../ui/route';
import { onPaper, SignWays } from '../../ui/signways';
import { VerbForm } from '../../ui/verbform';
import { controls } from '../controls';
import { readChoices, usePack } from '../own';
import { t } from '../words';

/** A draft that is there already is changed, not written again. */
function beginOf(verb: Verb, one: Case): Draft | undefined {
  if (verb.verb !== 'draft_agreement' || !one.mediation?.agreement) return undefined;
  return one.mediation.agreement as unknown as Draft;
}

/** What this user can do now, and the form of what they chose. Both come with the case. */
export function Verbs({
  one,
  session,
  given,
  onDone,
}: {
  one: Case;
  session: Session;
  given?: ReadyAnswer | undefined;
  onDone: () => void;
}) {
  const { message } = App.useApp();
  const careful = usePack()?.careful;
  const [chosen, setChosen] = useState<string>();
  useEffect(() => {
    if (given) setChosen('reply');
  }, [given]);
  // Where a referral would go by the rules stands in the form already.
  const query = { unit: one.unit.code, kind: one.kind, ...(one.category ? { category: one.category } : {}) };
  const { data: rule } = useQuery(
    one.verbs.some(({ verb }) => verb === 'refer') ? `rule/${one.unit.code}/${one.kind}/${one.category}` : null,
    () => got(api.GET('/api/v1/offices/rule', { params: { query } })),
  );
  const ruled = rule?.items.find(({ office }) => office)?.office;
  const open = one.verbs.find(({ verb }) => verb === chosen);
  const act = async (verb: Verb, draft: Draft) => {
    const values = await sendable(verb.form, draft, sendFile);
    const body = given && (verb.verb === 'reply' || verb.verb === 'settle') ? { ...values, answer_id: given.id } : values;
    const header = { 'Idempotency-Key': newId(), 'If-Match': `"${one.rev}"` };
    try {
      const now = await got(api.POST('/api/v1/cases/{id}/{verb}', { params: { path: { id: one.id, verb: verb.verb }, header }, body }));
      message.success(t('case.did', { label: verb.label }));
      if ('out_of_sight' in now) {
        go('');
        return;
      }
      put(`case/${one.id}`, whole(now));
      setChosen(undefined);
      onDone();
    } catch (cause) {
      // Someone was faster: show what it is now; the form keeps its words.
      if (cause instanceof Problem && cause.current) put(`case/${one.id}`, whole(cause.current));
      throw cause;
    }
  };
  const first = one.verbs.filter(({ primary }) => primary);
  const rest = one.verbs.filter(({ primary }) => !primary);
  const groups = [...new Set(rest.map(({ group }) => group ?? ''))];
  const button = (verb: Verb) => (
    <button
      key={verb.verb}
      type="button"
      className={verb.primary && !open ? 'button main' : 'button'}
      aria-pressed={verb.verb === chosen}
      title={verb.missing.length > 0 ? t('case.missing', { what: verb.missing.map(({ label }) => label).join('、') }) : undefined}
      onClick={() => setChosen(verb.verb === chosen ? undefined : verb.verb)}
    >
      {verb.label}
    </button>
  );
  const form = (shown: Verb) => (
    <PhrasesOffered value={phrasesFor(one, session, shown.verb)}>
      <VerbForm
        key={`${shown.verb}/${given?.id ?? ''}/${ruled?.id ?? ''}`}
        staff
        begin={{
          ...beginOf(shown, one),
          ...(given ? { text: given.answer, result: given.answer } : {}),
          ...(shown.verb === 'refer' && ruled ? { office: ruled.id } : {}),
        }}
        careful={carefulFor(careful, one.kind)}
        verb={shown}
        controls={controls}
        choices={(type) => readChoices(type, session.unit.code)}
        behalf={onBehalf((type) => readChoices(type, session.unit.code))}
        hint={shown.verb === 'refer' && rule && ruled ? t('rule.begun', { why: rule.why }) : undefined}
        onSend={(draft) => act(shown, draft)}
        onCancel={() => setChosen(undefined)}
      />
    </PhrasesOffered>
  );
  return (
    <section className="panel verbs">
      <h2>{t('case.verbs')}</h2>
      {one.verbs.length === 0 && <p className="soft">{t('case.noVerbs')}</p>}
      <div className="buttons">{first.map(button)}</div>
      {groups.map((group) => (
        <div key={group} className="verb-group" role="group" aria-label={group}>
          <h3>{group}</h3>
          <div className="buttons">{rest.filter((verb) => (verb.group ?? '') === group).map(button)}</div>
        </div>
      ))}
      {open?.verb === 'sign_agreement' ? (
        <SignWays one={one} verb={open} onSend={act} onCancel={() => setChosen(undefined)}>
          {form(onPaper(open))}
        </SignWays>
      ) : (
        open && form(open)
      )}
    </section>
  );
}
