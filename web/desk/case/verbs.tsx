import { App } from 'antd';
import { useState } from 'react';
import { api, got, sendFile } from '../../api/client';
import { newId } from '../../api/id';
import { Problem } from '../../api/problem';
import { put } from '../../api/query';
import type { Case, Session, Verb } from '../../api/types';
import { whole } from '../../api/whole';
import { carefulFor } from '../../ui/careful';
import { sendable, type Draft } from '../../ui/form';
import { go } from '../../ui/route';
import { VerbForm } from '../../ui/verbform';
import { controls } from '../controls';
import { readChoices, usePack } from '../own';
import { t } from '../words';

/** What this user can do now, and the form of what they chose. Both come with the case. */
export function Verbs({ one, session }: { one: Case; session: Session }) {
  const { message } = App.useApp();
  const careful = usePack()?.careful;
  const [chosen, setChosen] = useState<string>();
  const open = one.verbs.find(({ verb }) => verb === chosen);
  const act = async (verb: Verb, draft: Draft) => {
    const body = await sendable(verb.form, draft, sendFile);
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
      onClick={() => setChosen(verb.verb === chosen ? undefined : verb.verb)}
    >
      {verb.label}
    </button>
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
      {open && (
        <VerbForm
          key={open.verb}
          staff
          careful={carefulFor(careful, one.kind)}
          verb={open}
          controls={controls}
          choices={(type) => readChoices(type, session.unit.code)}
          onSend={(draft) => act(open, draft)}
          onCancel={() => setChosen(undefined)}
        />
      )}
    </section>
  );
}
