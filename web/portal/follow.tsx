import { useState } from 'react';
import { api, got, sendFile } from '../api/client';
import { newId } from '../api/id';
import { put, useQuery } from '../api/query';
import type { Track, Verb } from '../api/types';
import { sendable, type Draft } from '../ui/form';
import { PromiseBar } from '../ui/promise';
import { go } from '../ui/route';
import { Said } from '../ui/said';
import { Timeline } from '../ui/timeline';
import { day, moment } from '../ui/time';
import { VerbForm } from '../ui/verbform';
import { say } from '../ui/words';
import { Frame } from './frame';
import { codeForm, codeWhole, forgetMine, mine, remember } from './remember';
import { t } from './words';

const asResident = (code: string) => ({ Authorization: `Track ${code}` });

function Ask() {
  const [typed, setTyped] = useState('');
  const [list, setList] = useState(mine);
  return (
    <Frame title={t('home.follow')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (codeWhole(typed)) go(`follow/${typed}`);
        }}
      >
        <div className="field">
          <label htmlFor="code">{t('follow.code')}</label>
          <input
            id="code"
            className="code"
            type="text"
            autoCapitalize="characters"
            autoComplete="off"
            spellCheck={false}
            placeholder="XXXXX-XXXX-XXXX"
            value={typed}
            onChange={(event) => setTyped(codeForm(event.currentTarget.value))}
          />
          <p className="hint">{t('follow.codeHint')}</p>
        </div>
        <button type="submit" className="button main wide tall" disabled={!codeWhole(typed)}>
          {t('follow.look')}
        </button>
      </form>
      {list.length > 0 && (
        <section className="mine">
          <h2>{t('home.mine')}</h2>
          {list.map((one) => (
            <div key={one.track}>
              <a href={`#/follow/${one.track}`}>
                <b>{one.title || one.number}</b>
                <small>
                  {one.number} · {day(one.at)}
                </small>
              </a>
              <button
                type="button"
                className="button quiet"
                onClick={() => {
                  forgetMine(one.track);
                  setList(mine());
                }}
              >
                {t('follow.forget')}
              </button>
            </div>
          ))}
        </section>
      )}
    </Frame>
  );
}

/** What the resident can do now, as the server says; what is asked of them first stands open. */
function Acts({ verbs, code, onDone }: { verbs: Verb[]; code: string; onDone: (track: Track) => void }) {
  const [open, setOpen] = useState(() => verbs.find(({ primary }) => primary)?.verb);
  const act = async (verb: Verb, draft: Draft) => {
    const values = await sendable(verb.form, draft, (file) => sendFile(file, asResident(code)));
    const headers = { ...asResident(code), 'Idempotency-Key': newId() };
    onDone(await got<Track>(api.POST('/api/v1/track/{verb}', { params: { path: { verb: verb.verb } }, headers, body: values })));
  };
  const shown = verbs.find(({ verb }) => verb === open);
  return (
    <>
      {shown && (
        <section className={`act ${shown.verb}`}>
          <h2>{t(shown.verb === 'judge' ? 'follow.judge' : 'follow.do', { label: shown.label })}</h2>
          <VerbForm key={shown.verb} verb={shown} onSend={(draft) => act(shown, draft)} onCancel={() => setOpen(undefined)} />
        </section>
      )}
      <div className="acts">
        {verbs
          .filter(({ verb }) => verb !== open)
          .map((verb) => (
            <button key={verb.verb} type="button" className="button" onClick={() => setOpen(verb.verb)}>
              {verb.label}
            </button>
          ))}
      </div>
    </>
  );
}

function One({ code }: { code: string }) {
  const key = `track/${code}`;
  const [thanks, setThanks] = useState(false);
  const { data, error, loading, refresh } = useQuery(key, async () => {
    const track = await got<Track>(api.GET('/api/v1/track', { headers: asResident(code) }));
    const known = mine().find((one) => one.track === code);
    if (known) remember({ ...known, title: track.title });
    return track;
  });
  if (!data) {
    return (
      <Frame title={t('home.follow')}>
        <p className="notice" role="status">
          {loading ? say('state.loading') : error?.message || say(error?.offline ? 'error.offline' : 'error.broken')}
        </p>
        {error && (
          <p className="acts">
            <button type="button" className="button" onClick={() => void refresh()}>
              {say('state.again')}
            </button>
            <a className="button" href="#/follow">
              {t('follow.otherCode')}
            </a>
          </p>
        )}
      </Frame>
    );
  }
  const steps = data.steps
    .map((step, i) => ({
      key: `${step.at}-${i}`,
      label: step.label,
      at: step.at,
      text: step.text,
      who: step.actor.post,
      facts: step.facts,
    }))
    .reverse();
  return (
    <Frame title={data.number}>
      <section className="case">
        <p className="state">
          <b>{data.state_label}</b> {data.kind_label} · {data.unit} · {day(data.reported_at)}
        </p>
        <p className="said">
          <q>
            <Said text={data.text} />
          </q>
        </p>
        <PromiseBar promises={data.promises} />
        {data.due && <p className="next">{t('follow.due', { label: data.due.label, at: moment(data.due.at) })}</p>}
        {data.result && (
          <p className="result">
            <Said text={data.result} />
          </p>
        )}
      </section>
      {thanks && (
        <p className="notice" role="status">
          {t('follow.received')}
        </p>
      )}
      {data.judgement && <Judged judgement={data.judgement} />}
      <Acts
        key={data.verbs.map(({ verb }) => verb).join()}
        verbs={data.verbs}
        code={code}
        onDone={(track) => {
          put(key, track);
          setThanks(true);
        }}
      />
      <h2>{t('follow.steps')}</h2>
      <Timeline steps={steps} />
    </Frame>
  );
}

function Judged({ judgement }: { judgement: NonNullable<Track['judgement']> }) {
  const words = [
    say(`judged.resolved.${judgement.resolved as 'yes' | 'part' | 'no'}`),
    say(`judged.satisfied.${judgement.satisfied as 'yes' | 'ok' | 'no'}`),
  ];
  return <p className="judged">{t('follow.judged', { words: words.join(' · ') })}</p>;
}

export function Follow({ code }: { code: string | undefined }) {
  return code ? <One code={codeForm(code)} /> : <Ask />;
}
