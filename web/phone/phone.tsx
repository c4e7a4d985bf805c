import { ConfigProvider, Toast } from 'antd-mobile';
import en from 'antd-mobile/es/locales/en-US';
import zhCN from 'antd-mobile/es/locales/zh-CN';
import zhHant from 'antd-mobile/es/locales/zh-TW';
import { lazy, Suspense, useEffect, useState } from 'react';
import { onSignedOut } from '../api/client';
import { forget, useQuery } from '../api/query';
import { hasPost, type Session } from '../api/types';
import { language } from '../i18n/language';
import { useRoute } from '../ui/route';
import { say } from '../ui/words';
import { CasePage } from './casepage';
import { List } from './list';
import { onSent, push } from './queue';
import { QueuePage } from './queuepage';
import { readSession } from './own';
import { SignIn } from './signin';
import { RowPage } from './rows';
import { Spot } from './spot';
import { VisitPage } from './visits';
import { t } from './words';

const Me = lazy(() => import('./me').then((all) => ({ default: all.Me })));
const locales = { 'zh-CN': zhCN, 'zh-Hant': zhHant, en };

function Pages({ session }: { session: Session }) {
  const { path } = useRoute();
  if (path[0] === 'case' && path[1]) return <CasePage key={path[1]} id={path[1]} session={session} />;
  if (path[0] === 'row' && path[1] && path[2]) return <RowPage key={path[2]} register={path[1]} id={path[2]} session={session} />;
  if (path[0] === 'visit' && path[1]) return <VisitPage key={path[1]} id={path[1]} />;
  if (path[0] === 'spot') return <Spot session={session} />;
  if (path[0] === 'queue') return <QueuePage />;
  if (path[0] === 'me') {
    return (
      <Suspense fallback={<p className="reading">{say('state.loading')}</p>}>
        <Me session={session} />
      </Suspense>
    );
  }
  return <List session={session} />;
}

/** The queue is tried whenever there is a chance that it goes through. */
function usePushing(): void {
  useEffect(() => {
    const tries = () => {
      if (document.visibilityState === 'visible') void push();
    };
    tries();
    const timer = setInterval(tries, 30e3);
    window.addEventListener('online', tries);
    document.addEventListener('visibilitychange', tries);
    const stop = onSent((sent) => {
      if (sent.length === 0) return;
      forget('mine');
      forget('case/');
      forget('visit');
      forget('errands');
      forget('row/');
      Toast.show({ content: t('queue.sent', { n: sent.length }) });
    });
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', tries);
      document.removeEventListener('visibilitychange', tries);
      stop();
    };
  }, []);
}

export function Phone() {
  const { data, error, loading, refresh } = useQuery('session', readSession);
  const [out, setOut] = useState(false);
  useEffect(() => onSignedOut(() => setOut(true)), []);
  usePushing();
  const signIn = out || error?.status === 401;
  return (
    <ConfigProvider locale={locales[language()]}>
      {signIn && (
        <SignIn
          onDone={() => {
            setOut(false);
            void refresh().then(() => push());
          }}
        />
      )}
      {!signIn && data && hasPost(data) && <Pages session={data} />}
      {!signIn && data && !hasPost(data) && <p className="reading">{t('noPost')}</p>}
      {!signIn && !data && <p className="reading">{loading ? say('state.loading') : say('error.offline')}</p>}
    </ConfigProvider>
  );
}
