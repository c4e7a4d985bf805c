import { useState } from 'react';
import { api, got } from '../api/client';
import { Problem } from '../api/problem';
import type { OwnSubsidies } from '../api/types';
import { SubsidyLines } from '../ui/subsidies';
import '../ui/answers.css';
import { say } from '../ui/words';
import { Frame } from './frame';
import { usePlace } from './place';
import { t } from './words';

/** One's own payments. Nothing is remembered on this telephone. */
export function Subsidy() {
  const { committee, group } = usePlace();
  const [draft, setDraft] = useState({ name: '', id_tail: '', proof: '' });
  const [found, setFound] = useState<OwnSubsidies>();
  const [wrong, setWrong] = useState('');
  const look = async () => {
    setWrong('');
    setFound(undefined);
    try {
      setFound(await got(api.POST('/api/v1/subsidies/own', { body: { unit: group ?? committee?.code ?? '', ...draft } })));
    } catch (cause) {
      setWrong(
        cause instanceof Problem && cause.status === 404 ? t('subsidy.notFound') : (cause as Problem).message || say('error.offline'),
      );
    }
  };
  return (
    <Frame title={t('subsidy.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void look();
        }}
      >
        {(['name', 'id_tail', 'proof'] as const).map((field) => (
          <div key={field} className="field">
            <label htmlFor={field}>{t(`subsidy.${field}`)}</label>
            <input
              id={field}
              type="text"
              autoComplete="off"
              value={draft[field]}
              onChange={(event) => setDraft({ ...draft, [field]: event.currentTarget.value })}
            />
          </div>
        ))}
        {wrong && (
          <p className="error" role="alert">
            {wrong}
          </p>
        )}
        <button type="submit" className="button main wide tall">
          {t('subsidy.look')}
        </button>
        <p className="hint">{t('subsidy.hint')}</p>
      </form>
      {found && <SubsidyLines found={found} />}
    </Frame>
  );
}
