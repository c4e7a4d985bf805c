import type { TableColumnsType } from 'antd';
import type { Card, Pack } from '../../api/types';
import { Flags } from '../../ui/casecard';
import { Mark } from '../../ui/mark';
import { day, moment, span } from '../../ui/time';
import { say } from '../../ui/words';
import { t } from '../words';

const promises = ['reply', 'progress', 'settle'] as const;

function Marks({ card }: { card: Card }) {
  return (
    <span className="marks">
      {promises.map((name) => {
        const { state } = card.promises[name];
        return (
          <span key={name} className={state} title={say(`promise.${name}`)}>
            <Mark state={state} />
            {say(`promise.${name}`)}
          </span>
        );
      })}
    </span>
  );
}

function Due({ card }: { card: Card }) {
  if (!card.due) return <span className="soft">—</span>;
  const { label, at, overdue } = card.due;
  return (
    <span className={overdue ? 'due overdue' : 'due'} title={moment(at)}>
      {label} {t(overdue ? 'inbox.over' : 'inbox.left', { span: span(at) })}
    </span>
  );
}

export function columns(pack: Pack | undefined): TableColumnsType<Card> {
  const short = (kind: string) => pack?.kinds.find((one) => one.kind === kind)?.short ?? '';
  return [
    { title: t('inbox.number'), key: 'number', width: 140, render: (_, card) => <a href={`#/case/${card.id}`}>{card.number}</a> },
    {
      title: t('inbox.title'),
      key: 'title',
      width: 290,
      ellipsis: true,
      render: (_, card) => (
        <>
          <Flags card={card} />
          {card.title}
        </>
      ),
    },
    {
      title: t('inbox.kind'),
      key: 'kind',
      width: 160,
      ellipsis: true,
      render: (_, card) => `${short(card.kind)} · ${card.category_label || say('case.unsorted')}`,
    },
    { title: t('inbox.unit'), key: 'unit', width: 84, ellipsis: true, render: (_, card) => card.unit.name },
    { title: t('inbox.holder'), key: 'holder', width: 104, ellipsis: true, render: (_, card) => card.holder.name },
    { title: t('inbox.state'), key: 'state', width: 118, ellipsis: true, render: (_, card) => card.state_label },
    { title: t('inbox.promises'), key: 'promises', width: 184, render: (_, card) => <Marks card={card} /> },
    { title: t('inbox.due'), key: 'due', width: 124, render: (_, card) => <Due card={card} /> },
    { title: t('inbox.reported'), key: 'reported', width: 120, render: (_, card) => <span className="soft">{day(card.reported_at)}</span> },
  ];
}
