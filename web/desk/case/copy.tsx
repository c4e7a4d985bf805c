import { App, Button, Checkbox, Popover } from 'antd';
import { useState } from 'react';
import { api, got } from '../../api/client';
import { Problem } from '../../api/problem';
import type { Case } from '../../api/types';
import { say } from '../../ui/words';
import { usePack } from '../own';
import { t } from '../words';
import { cell, columns, kept, moved, row, type Column, type Plain } from './copied';

const keptAs = 'liuxiao.copyColumns';

function remembered(): Column[] {
  try {
    return kept(localStorage.getItem(keptAs));
  } catch {
    return kept(null);
  }
}

/** The columns in their order, each with a way forward and back; below, those that are left out. */
function Order({ list, onChange }: { list: Column[]; onChange: (list: Column[]) => void }) {
  return (
    <ul className="copy-order">
      {[...list, ...columns.filter((one) => !list.includes(one))].map((column) => (
        <li key={column}>
          <Checkbox
            checked={list.includes(column)}
            onChange={(event) => onChange(event.target.checked ? [...list, column] : list.filter((one) => one !== column))}
          >
            {t(`copy.column.${column}`)}
          </Checkbox>
          {list.includes(column) && (
            <span>
              <Button
                size="small"
                aria-label={t('copy.forward', { column: t(`copy.column.${column}`) })}
                onClick={() => onChange(moved(list, column, -1))}
              >
                ↑
              </Button>
              <Button
                size="small"
                aria-label={t('copy.back', { column: t(`copy.column.${column}`) })}
                onClick={() => onChange(moved(list, column, 1))}
              >
                ↓
              </Button>
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Takes the case along to another system without typing it again. Names leave only after somebody says what for. */
export function Copy({ one }: { one: Case }) {
  const { message } = App.useApp();
  const pack = usePack();
  const [open, setOpen] = useState(false);
  const [list, setList] = useState<Column[]>(remembered);
  const [choosing, setChoosing] = useState(false);
  const kind = pack?.kinds.find((other) => other.kind === one.kind)?.short ?? '';
  const first = one.persons[0];
  const personal = list.includes('name') || list.includes('phone');
  const change = (next: Column[]) => {
    setList(next);
    try {
      localStorage.setItem(keptAs, next.join(','));
    } catch {
      // chosen again next time
    }
  };
  const copy = async (as: 'text' | 'row', plain: boolean) => {
    try {
      let who: Plain = { name: first?.name ?? '', phone: first?.phone ?? '' };
      if (plain && first) {
        const body = { purpose: t('copy.purpose') };
        const shown = await got(api.POST('/api/v1/persons/{id}/reveal', { params: { path: { id: first.id } }, body }));
        who = { name: shown.name, phone: shown.phone ?? '' };
      }
      const cells = list.map((column) => cell(one, column, who, kind));
      const lines = list.map((column, i) => (cells[i] ? `${t(`copy.column.${column}`)}：${cells[i]}` : '')).filter(Boolean);
      await navigator.clipboard.writeText(as === 'row' ? row(cells) : lines.join('\n'));
      message.success(t('copy.done'));
      setOpen(false);
    } catch (cause) {
      message.error(cause instanceof Problem ? cause.message || say('error.offline') : t('copy.refused'));
    }
  };
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
      title={t('copy.how')}
      content={
        <div className="purposes">
          <Button block onClick={() => void copy('text', false)}>
            {t('copy.text')}
          </Button>
          <Button block onClick={() => void copy('row', false)}>
            {t('copy.row')}
          </Button>
          {personal && first && (
            <>
              <p>{t('copy.plain')}</p>
              <Button block onClick={() => void copy('text', true)}>
                {t('copy.textPlain')}
              </Button>
              <Button block onClick={() => void copy('row', true)}>
                {t('copy.rowPlain')}
              </Button>
              <p>{t('purpose.told')}</p>
            </>
          )}
          <Button type="link" aria-expanded={choosing} onClick={() => setChoosing(!choosing)}>
            {t('copy.columns')}
          </Button>
          {choosing && <Order list={list} onChange={change} />}
        </div>
      }
    >
      <Button>{t('copy.go')}</Button>
    </Popover>
  );
}
