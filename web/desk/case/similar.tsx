import { App } from 'antd';
import { api, got } from '../../api/client';
import { useCommandId } from '../../api/command';
import { Problem } from '../../api/problem';
import { useQuery } from '../../api/query';
import type { Case, ReadyAnswer, RegisterForm } from '../../api/types';
import { Answers } from '../../ui/answers';
import { go } from '../../ui/route';
import { say } from '../../ui/words';
import { t } from '../words';

/** Ready answers that fit this case; and of a settled request, one tap to make a draft of what was answered. */
export function Similar({ one, onUse }: { one: Case; onUse: ((answer: ReadyAnswer) => void) | undefined }) {
  const { message } = App.useApp();
  const once = useCommandId();
  const { data } = useQuery(`answers/${one.id}/${one.rev}`, () =>
    got(api.GET('/api/v1/cases/{id}/answers', { params: { path: { id: one.id } } })),
  );
  if (!data || (data.items.length === 0 && !data.draft)) return null;
  const keep = async () => {
    const body = { unit: one.committee.code, ...data.draft } as unknown as RegisterForm;
    const path = { register: 'answers' };
    try {
      const made = await once((id) =>
        got(api.POST('/api/v1/registers/{register}', { params: { path, header: { 'Idempotency-Key': id } }, body })),
      );
      message.success(t('similar.kept'));
      go(`registers/answers/${made.id}`);
    } catch (cause) {
      message.error(cause instanceof Problem && cause.message ? cause.message : say('error.offline'));
    }
  };
  return (
    <section className="panel similar">
      <h2>{t('similar.title')}</h2>
      <Answers items={data.items} onUse={onUse} />
      {data.draft && (
        <button type="button" className="button" onClick={() => void keep()}>
          {t('similar.keep')}
        </button>
      )}
    </section>
  );
}
