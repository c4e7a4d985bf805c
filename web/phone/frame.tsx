import { TabBar } from 'antd-mobile';
import type { ReactNode } from 'react';
import { go, useRoute } from '../ui/route';
import { say } from '../ui/words';
import { useQueue } from './queue';
import { t } from './words';

/** 还有N条没交: said on every page, as long as it is so. */
function Unsent() {
  const list = useQueue();
  if (list.length === 0) return null;
  const refused = list.filter(({ state }) => state === 'refused').length;
  return (
    <a className="banner" href="#/queue">
      {t('queue.unsent', { n: list.length })}
      {refused > 0 && `，${t('queue.refusedCount', { n: refused })}`}
      <b>{t('queue.look')}</b>
    </a>
  );
}

const icons = {
  '': 'M5 5h14v15H5zM9 3h6v4H9zM8.500 11h7M8.500 15h5',
  spot: 'M12 5v14M5 12h14',
  queue: 'M12 16V5m0 0L8 9m4-4 4 4M5 15v4h14v-4',
};

function Icon({ path }: { path: string }) {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}

function Tabs() {
  const { path } = useRoute();
  const list = useQueue();
  return (
    <TabBar safeArea activeKey={path[0] ?? ''} onChange={(key) => go(key)}>
      <TabBar.Item key="" icon={<Icon path={icons['']} />} title={t('tabs.mine')} />
      <TabBar.Item key="spot" icon={<Icon path={icons.spot} />} title={t('tabs.spot')} />
      <TabBar.Item key="queue" icon={<Icon path={icons.queue} />} title={t('tabs.queue')} badge={list.length > 0 ? list.length : null} />
    </TabBar>
  );
}

interface Props {
  title: string;
  children: ReactNode;
  /** Given: a page below another, with a way back and no tabs. */
  back?: () => void;
  right?: ReactNode;
  foot?: ReactNode;
}

export function Frame({ title, children, back, right, foot }: Props) {
  return (
    <div className="frame">
      <header className="top">
        {back && (
          <button type="button" className="plain back" aria-label={t('tabs.back')} onClick={back}>
            ‹
          </button>
        )}
        <h1>{title}</h1>
        {right}
      </header>
      <Unsent />
      <main>
        {children}
        <a className="complaint" href="/#/report?about=complaint">
          {say('complaint')}
        </a>
      </main>
      {foot ?? <Tabs />}
    </div>
  );
}
