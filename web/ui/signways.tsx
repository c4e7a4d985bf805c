import { lazy, Suspense, useState, type ReactNode } from 'react';
import type { Case, Field, Verb } from '../api/types';
import type { Draft } from './form';
import { say } from './words';
import './signature.css';

const Signing = lazy(() => import('./signature').then((all) => ({ default: all.Signing })));

export interface Signer {
  /** 0: the mediator. */
  side: number;
  name: string;
}

const drawnFields: Field[] = [
  { name: 'sign_how', label: '', type: 'choice', required: true },
  { name: 'files', label: '', type: 'files', required: true },
  { name: 'drawn_by', label: '', type: 'list', required: true },
];

/** The verb's form for paper: what is drawn on a screen has a page of its own. */
export function onPaper(verb: Verb): Verb {
  const form = verb.form.map((field) =>
    field.name === 'sign_how' && field.options ? { ...field, options: field.options.filter(({ value }) => value !== 'drawn') } : field,
  );
  return { ...verb, form };
}

interface Props {
  one: Case;
  verb: Verb;
  onSend: (verb: Verb, draft: Draft) => Promise<void>;
  onCancel: () => void;
  /** The form for paper, which comes first: printed, signed, scanned. */
  children: ReactNode;
}

/** How an agreement is signed. On the screen only where the server says that the law lets it. */
export function SignWays({ one, verb, onSend, onCancel, children }: Props) {
  const [drawing, setDrawing] = useState(false);
  const mediation = one.mediation;
  if (!mediation?.may_draw || verb.blocked) return <>{children}</>;
  const names = (side: number) =>
    one.persons
      .filter((person) => person.role === 'party' && person.side === side)
      .map(({ name }) => name)
      .join('、');
  const signers = [
    ...mediation.sides.map(({ side }) => ({ side, name: say('sign.side', { n: side, names: names(side) }) })),
    { side: 0, name: say('sign.mediator') },
  ];
  return (
    <>
      <div className="ways" role="group" aria-label={verb.label}>
        {[false, true].map((way) => (
          <button key={String(way)} type="button" className="button" aria-pressed={drawing === way} onClick={() => setDrawing(way)}>
            {say(way ? 'sign.screen' : 'sign.paper')}
          </button>
        ))}
      </div>
      {!drawing && children}
      {drawing && (
        <Suspense fallback={<p className="quiet">{say('state.loading')}</p>}>
          <Signing signers={signers} onSend={(draft) => onSend({ ...verb, form: drawnFields }, draft)} onCancel={onCancel} />
        </Suspense>
      )}
    </>
  );
}
