import { Button, Input, Select } from 'antd';
import { useEffect, useState } from 'react';
import { api, got } from '../../api/client';
import { Problem } from '../../api/problem';
import type { Alike, Option, Session } from '../../api/types';
import { go } from '../../ui/route';
import { say } from '../../ui/words';
import { readChoices } from '../own';
import { t } from '../words';
import { AlikeList } from './alike';
import './person.css';

const texts = [
  ['name', 'person.name'],
  ['phone', 'person.phone'],
  ['id_no', 'person.idNo'],
  ['address', 'person.address'],
] as const;
type Fields = Record<(typeof texts)[number][0], string>;
const empty: Fields = { name: '', phone: '', id_no: '', address: '' };

/** Somebody new. Who seems to be there already is shown while typing, and stands before the last step. */
export function NewPerson({ session }: { session: Session }) {
  const [fields, setFields] = useState(empty);
  const [unit, setUnit] = useState(session.unit.code);
  const [units, setUnits] = useState<Option[]>([]);
  const [alike, setAlike] = useState<Alike[]>([]);
  const [wrong, setWrong] = useState<Problem>();
  useEffect(() => void readChoices('unit', session.unit.code).then(setUnits, () => undefined), []);

  const { name, phone, id_no } = fields;
  useEffect(() => {
    let late = false;
    const timer = setTimeout(() => {
      if (!name.trim() && !phone.trim() && !id_no.trim()) return;
      const asked = Object.fromEntries(Object.entries({ unit, name, phone, id_no }).filter(([, value]) => value.trim()));
      got(api.POST('/api/v1/persons/alike', { body: { ...asked, unit } })).then(
        ({ items }) => !late && setAlike(items),
        () => !late && setAlike([]), // half a number is no number yet
      );
    }, 300);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [unit, name, phone, id_no]);

  const save = async () => {
    setWrong(undefined);
    const filled = Object.fromEntries(Object.entries(fields).filter(([, value]) => value.trim()));
    try {
      const { id } = await got(api.POST('/api/v1/persons', { body: { ...filled, unit, ...(alike.length > 0 ? { even_so: true } : {}) } }));
      go(`person/${id}`);
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause;
      setWrong(cause);
    }
  };
  return (
    <form
      className="panel newperson"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h1>{t('person.new')}</h1>
      <label htmlFor="person-unit">{t('person.unit')}</label>
      <Select id="person-unit" className="whole" options={units} value={unit} onChange={setUnit} />
      {texts.map(([key, label]) => (
        <div key={key} className={wrong?.field === key ? 'field wrong' : 'field'}>
          <label htmlFor={`person-${key}`}>{t(label)}</label>
          <Input id={`person-${key}`} value={fields[key]} onChange={(event) => setFields({ ...fields, [key]: event.target.value })} />
          {wrong?.field === key && (
            <p className="error" role="alert">
              {wrong.message}
            </p>
          )}
        </div>
      ))}
      {wrong && !texts.some(([key]) => key === wrong.field) && (
        <p className="error" role="alert">
          {wrong.message || say('error.offline')}
        </p>
      )}
      {alike.length > 0 && (
        <section className="there" role="status">
          <h2>{t('person.there')}</h2>
          <p>{t('person.thereHint')}</p>
          <AlikeList people={alike} />
        </section>
      )}
      <Button htmlType="submit" type={alike.length > 0 ? 'default' : 'primary'}>
        {t(alike.length > 0 ? 'person.evenSo' : 'person.save')}
      </Button>
    </form>
  );
}
