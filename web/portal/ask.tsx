import { useState } from 'react';
import { Answers, useSuggestions } from '../ui/answers';
import { go } from '../ui/route';
import { Frame } from './frame';
import { MeToo } from './metoo';
import { usePlace } from './place';
import { read, write } from './store';
import { t } from './words';

/** 问一问: what was answered before, as one types. Nothing is kept; whoever finds nothing goes on to report with the same words. */
export function Ask() {
  const { committee, group } = usePlace();
  const [words, setWords] = useState('');
  const found = useSuggestions(group ?? committee?.code ?? '', words);
  const report = () => {
    write('draft', { ...read<Record<string, unknown>>('draft', {}), text: words });
    go('report');
  };
  return (
    <Frame title={t('home.ask')}>
      <div className="field">
        <label htmlFor="question">{t('ask.what')}</label>
        <textarea
          id="question"
          rows={3}
          maxLength={600}
          placeholder={t('ask.example')}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <p className="hint">{t('ask.kept')}</p>
      </div>
      <div role="status">
        {found.length > 0 && <h2>{t('ask.found')}</h2>}
        <Answers items={found} />
        <MeToo words={words} />
      </div>
      <button type="button" className="button main wide tall" onClick={report}>
        {t('ask.report')}
      </button>
    </Frame>
  );
}
