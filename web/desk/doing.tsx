import { useState } from 'react';
import { sendFile } from '../api/client';
import { useCommandId } from '../api/command';
import type { Session, Values, Verb } from '../api/types';
import { sendable, type Draft } from '../ui/form';
import { onBehalf } from '../ui/behalf';
import { VerbForm } from '../ui/verbform';
import { controls } from './controls';
import { readChoices } from './own';

interface Props {
  verbs: Verb[];
  session: Session;
  /** What is there already, for forms that put it right. */
  begin?: Draft;
  onAct: (verb: Verb, values: Values, id: string) => Promise<void>;
}

/** What can be done now: a button each, and the form of the chosen one. */
export function Doing({ verbs, session, begin, onAct }: Props) {
  const [chosen, setChosen] = useState<string>();
  const once = useCommandId();
  const open = verbs.find(({ verb }) => verb === chosen);
  const send = async (verb: Verb, draft: Draft) => {
    const values = await sendable(verb.form, draft, sendFile);
    await once((id) => onAct(verb, values, id));
    setChosen(undefined);
  };
  return (
    <>
      <div className="buttons">
        {verbs.map((verb) => (
          <button
            key={verb.verb}
            type="button"
            className={verb.primary && !open ? 'button main' : 'button'}
            aria-pressed={verb.verb === chosen}
            onClick={() => setChosen(verb.verb === chosen ? undefined : verb.verb)}
          >
            {verb.label}
          </button>
        ))}
      </div>
      {open && (
        <VerbForm
          key={open.verb}
          staff
          verb={open}
          {...(begin ? { begin } : {})}
          controls={controls}
          choices={(type) => readChoices(type, session.unit.code)}
          behalf={onBehalf((type) => readChoices(type, session.unit.code))}
          onSend={(draft) => send(open, draft)}
          onCancel={() => setChosen(undefined)}
        />
      )}
    </>
  );
}
