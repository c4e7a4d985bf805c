import { Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { api, got } from '../api/client';
import { useQuery } from '../api/query';
import { isGroup, type Session } from '../api/types';
import { say } from '../ui/words';
import { Export } from './export';
import { useUnit } from './own';
import { t } from './words';

const sizes = ['a4', 'a5', 'a6', 'card'] as const;
const kept = 'liuxiao.posterPhone';

function rememberedPhone(): string {
  try {
    return localStorage.getItem(kept) ?? '';
  } catch {
    return '';
  }
}

function Places({ unit, extra }: { unit: string; extra: string }) {
  const { data, error } = useQuery(`places/${unit}`, () => got(api.GET('/api/v1/places', { params: { query: { unit } } })));
  return (
    <section className="panel">
      <header>
        <h2>{t('posters.ofPlaces')}</h2>
        <Export path="places" query={{ unit }} />
      </header>
      {error && (
        <p className="error" role="alert">
          {error.message || say('error.offline')}
        </p>
      )}
      {!data && !error && <p className="quiet">{say('state.loading')}</p>}
      {data?.items.length === 0 && <p className="quiet">{t('posters.noPlaces')}</p>}
      <ul className="places">
        {data?.items.map((place) => (
          <li key={place.id}>
            <span>
              {place.name} <small>{[place.kind_label, place.unit.name, place.address].filter(Boolean).join(' · ')}</small>
            </span>
            <a className="button" href={`/api/v1/places/${place.id}/poster?${extra}`} target="_blank" rel="noreferrer">
              {t('posters.one')}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** QR codes to hang up: for the committee's door, each village, each place. */
export function Posters({ session }: { session: Session }) {
  const own = useUnit(session.unit.code);
  const [unit, setUnit] = useState(session.unit.code);
  const [size, setSize] = useState<(typeof sizes)[number]>('a4');
  const [groups, setGroups] = useState(true);
  const [places, setPlaces] = useState(false);
  const [phone, setPhone] = useState(rememberedPhone);
  const whole = !isGroup({ code: unit });
  const extra = new URLSearchParams({ size, ...(phone.trim() ? { phone: phone.trim() } : {}) });
  const query = new URLSearchParams(extra);
  if (groups && whole) query.set('groups', '1');
  if (places) query.set('places', '1');
  const remember = (value: string) => {
    setPhone(value);
    try {
      localStorage.setItem(kept, value);
    } catch {
      // it is typed again next time
    }
  };
  return (
    <section className="posters">
      <h1>{t('posters.title')}</h1>
      <p className="soft">{t('posters.what')}</p>
      <section className="panel">
        <label>
          {t('posters.unit')}
          <Select
            aria-label={t('posters.unit')}
            showSearch={{ optionFilterProp: 'label' }}
            value={unit}
            options={[
              { value: session.unit.code, label: session.unit.name },
              ...(own?.children ?? []).map(({ code, name }) => ({ value: code, label: name })),
            ]}
            onChange={(code: string) => setUnit(code)}
          />
        </label>
        <label>
          {t('posters.size')}
          <Select
            aria-label={t('posters.size')}
            value={size}
            options={sizes.map((value) => ({ value, label: t(`posters.sizes.${value}`) }))}
            onChange={(value: (typeof sizes)[number]) => setSize(value)}
          />
        </label>
        <label>
          {t('posters.phone')}
          <Input value={phone} maxLength={20} placeholder="0558-" onChange={(event) => remember(event.target.value)} />
        </label>
        {whole && (
          <Checkbox checked={groups} onChange={(event) => setGroups(event.target.checked)}>
            {t('posters.groups')}
          </Checkbox>
        )}
        <Checkbox checked={places} onChange={(event) => setPlaces(event.target.checked)}>
          {t('posters.places')}
        </Checkbox>
        <p>
          <a className="button main" href={`/api/v1/units/${unit}/poster?${query.toString()}`} target="_blank" rel="noreferrer">
            {t('posters.make')}
          </a>
        </p>
      </section>
      <Places key={unit} unit={unit} extra={extra.toString()} />
    </section>
  );
}
