import { App as Messages, ConfigProvider } from 'antd';
import en from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import zhHant from 'antd/locale/zh_TW';
import 'dayjs/locale/zh-cn';
import 'dayjs/locale/zh-tw';
import dayjs from 'dayjs';
import { lazy, Suspense, useEffect } from 'react';
import { api, got, onSignedOut } from '../api/client';
import { forget, useQuery } from '../api/query';
import { hasPost, type Session } from '../api/types';
import { choose, language, languages } from '../i18n/language';
import { coverNotes } from '../ui/cover';
import { useRoute } from '../ui/route';
import { say } from '../ui/words';
import { CasePage } from './case/casepage';
import { Inbox } from './inbox/inbox';
import { Intake } from './intake/intake';
import { Search } from './search/search';
import { SearchBox } from './search/searchbox';
import { SignIn } from './signin';
import { theme } from './theme';
import { t } from './words';

const locales = { 'zh-CN': zhCN, 'zh-Hant': zhHant, en };
dayjs.locale({ 'zh-CN': 'zh-cn', 'zh-Hant': 'zh-tw', en: 'en' }[language()]);

const Posters = lazy(() => import('./posters').then((all) => ({ default: all.Posters })));
const Figures = lazy(() => import('./figures/figures').then((all) => ({ default: all.Figures })));

const Calendar = lazy(() => import('./calendar/calendar').then((all) => ({ default: all.Calendar })));
const OralRegister = lazy(() => import('./calendar/oral').then((all) => ({ default: all.OralRegister })));
const Help = lazy(() => import('./help/help').then((all) => ({ default: all.Help })));
const Ledgers = lazy(() => import('./ledgers/ledgers').then((all) => ({ default: all.Ledgers })));

const PersonView = lazy(() => import('./person/person').then((all) => ({ default: all.PersonView })));
const NewPerson = lazy(() => import('./person/newperson').then((all) => ({ default: all.NewPerson })));
const Watch = lazy(() => import('./watch/watch').then((all) => ({ default: all.Watch })));
const Registers = lazy(() => import('./register/register').then((all) => ({ default: all.Registers })));

const Me = lazy(() => import('./me').then((all) => ({ default: all.Me })));
const Requests = lazy(() => import('./requests/requests').then((all) => ({ default: all.Requests })));

const pages = ['', 'intake', 'watch', 'requests', 'help', 'calendar', 'registers', 'ledgers', 'figures', 'posters'] as const;
const pageNames = {
  '': 'nav.inbox',
  intake: 'nav.intake',
  watch: 'nav.watch',
  requests: 'nav.requests',
  help: 'nav.help',
  calendar: 'nav.calendar',
  registers: 'nav.registers',
  ledgers: 'nav.ledgers',
  figures: 'nav.figures',
  posters: 'nav.posters',
} as const;
/** Pages that stand or fall with a call of the API; the server says who may. */
const needs: Partial<Record<(typeof pages)[number], string>> = {
  calendar: 'list_bookings',
  ledgers: 'upload_ledger',
  posters: 'get_unit_poster',
};

function Head({ session, at }: { session: Session; at: string }) {
  const may = (page: (typeof pages)[number]) => needs[page] === undefined || session.may.includes(needs[page]);
  const signOut = async () => {
    await got(api.DELETE('/api/v1/session')).catch(() => undefined);
    forget();
    location.reload();
  };
  return (
    <header className="topbar">
      <strong>{session.unit.name}</strong>
      <nav>
        {pages.filter(may).map((page) => (
          <a key={page} href={`#/${page}`} aria-current={page === at || (page === '' && at === 'case') ? 'page' : undefined}>
            {t(pageNames[page])}
          </a>
        ))}
      </nav>
      <SearchBox />
      <span className="who">
        <a href="#/me" aria-current={at === 'me' ? 'page' : undefined}>
          {session.account.name}
        </a>
        <small>
          {session.posts
            .filter(({ stand_in }) => !stand_in)
            .map(({ label }) => label)
            .join('、')}
        </small>
        {coverNotes(session).map((note) => (
          <small key={note} className="cover">
            {note}
          </small>
        ))}
      </span>
      <select
        aria-label={t('nav.language')}
        value={language()}
        onChange={(event) => choose(event.currentTarget.value as ReturnType<typeof language>)}
      >
        {languages.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
      <button type="button" onClick={() => void signOut()}>
        {t('nav.signOut')}
      </button>
    </header>
  );
}

function Page({ session }: { session: Session }) {
  const { path, query } = useRoute();
  if (path[0] === 'case' && path[1]) return <CasePage key={path[1]} id={path[1]} session={session} />;
  if (path[0] === 'person' && path[1]) {
    return (
      <Suspense fallback={<p className="quiet">{say('state.loading')}</p>}>
        {path[1] === 'new' ? <NewPerson session={session} /> : <PersonView key={path[1]} id={path[1]} session={session} />}
      </Suspense>
    );
  }
  if (path[0] === 'intake') return <Intake key={query.get('form') ?? ''} session={session} form={query.get('form') ?? ''} />;
  if (path[0] === 'search') return <Search query={query} />;
  if (path[0] === 'help') {
    return (
      <Suspense fallback={<p className="quiet">{say('state.loading')}</p>}>
        <Help session={session} />
      </Suspense>
    );
  }
  if (path[0] === 'calendar') {
    return (
      <Suspense fallback={<p className="quiet">{say('state.loading')}</p>}>
        {path[1] === 'oral' ? <OralRegister session={session} /> : <Calendar session={session} caseId={path[1]} />}
      </Suspense>
    );
  }
  if (path[0] === 'ledgers') {
    return (
      <Suspense fallback={<p className="quiet">{say('state.loading')}</p>}>
        <Ledgers session={session} id={path[1]} />
      </Suspense>
    );
  }
  if (path[0] === 'watch') {
    return (
      <Suspense fallback={<p className="quiet">{say('state.loading')}</p>}>
        <Watch session={session} />
      </Suspense>
    );
  }
  if (path[0] === 'registers') {
    return (
      <Suspense fallback={<p className="quiet">{say('state.loading')}</p>}>
        <Registers session={session} path={path.slice(1)} />
      </Suspense>
    );
  }
  if (path[0] === 'requests') {
    return (
      <Suspense fallback={<p className="quiet">{say('state.loading')}</p>}>
        <Requests session={session} at={path[1]} />
      </Suspense>
    );
  }
  if (path[0] === 'me') {
    return (
      <Suspense fallback={<p className="quiet">{say('state.loading')}</p>}>
        <Me session={session} />
      </Suspense>
    );
  }
  if (path[0] === 'figures') {
    return (
      <Suspense fallback={<p className="quiet">{say('state.loading')}</p>}>
        <Figures session={session} query={query} />
      </Suspense>
    );
  }
  if (path[0] === 'posters') {
    return (
      <Suspense fallback={<p className="quiet">{say('state.loading')}</p>}>
        <Posters session={session} />
      </Suspense>
    );
  }
  return <Inbox session={session} query={query} />;
}

function Signed({ session }: { session: Session }) {
  const { path } = useRoute();
  return (
    <>
      <Head session={session} at={path[0] ?? ''} />
      <main>
        <Page session={session} />
      </main>
      <footer className="deskfoot">
        <a href="/#/report?about=complaint" target="_blank" rel="noreferrer">
          {say('complaint')}
        </a>
      </footer>
    </>
  );
}

export function Desk() {
  const { data, error, loading, refresh } = useQuery('session', () => got(api.GET('/api/v1/session')));
  useEffect(() => onSignedOut(() => void refresh()), []);
  return (
    <ConfigProvider theme={theme} locale={locales[language()]} button={{ autoInsertSpace: false }}>
      <Messages>
        {error?.status === 401 && <SignIn onDone={() => void refresh()} />}
        {!error && data && hasPost(data) && <Signed session={data} />}
        {!error && data && !hasPost(data) && <p className="quiet">{t('noPost')}</p>}
        {!data && error?.status !== 401 && (
          <p className="quiet" role="status">
            {loading ? say('state.loading') : error?.message || say('error.offline')}
          </p>
        )}
      </Messages>
    </ConfigProvider>
  );
}
