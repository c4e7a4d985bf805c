import type { ReactNode } from 'react';
import { choose, language, languages } from '../i18n/language';
import { isLarge, setLarge } from '../ui/largetype';
import { t } from './words';

function Foot() {
  return (
    <footer className="foot">
      <p>
        <a href="#/report?about=complaint">{t('foot.complaint')}</a>
        <button type="button" onClick={() => setLarge(!isLarge())}>
          {t('foot.large')}
        </button>
      </p>
      <p>
        {languages.map(({ code, name }) => (
          <button key={code} type="button" lang={code} aria-pressed={code === language()} onClick={() => choose(code)}>
            {name}
          </button>
        ))}
      </p>
    </footer>
  );
}

/** A page of the portal: where am I, the way back, what is on it. */
export function Frame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <header className="bar">
        <a href="#/" aria-label={t('home.back')}>
          ‹
        </a>
        <h1>{title}</h1>
      </header>
      <main className="page">{children}</main>
      <Foot />
    </>
  );
}

export { Foot };
