import { usePack } from '../own';
import { t } from '../words';

/** What a programme asks: whom it is for, the questions, the papers, the steps with their terms, and what all that rests on. */
export function Programme({ code }: { code: string }) {
  const one = usePack()?.programmes.find((programme) => programme.code === code);
  if (!one) return null;
  return (
    <details className="programme" open>
      <summary>
        {one.label} <small>{one.review}</small>
      </summary>
      <p>{one.for}</p>
      <p>
        {t('programme.where')}：{one.apply_to}
      </p>
      <h3>{t('programme.questions')}</h3>
      <ul>
        {one.pre_check.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <h3>{t('programme.materials')}</h3>
      <ul>
        {one.materials.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <h3>{t('programme.steps')}</h3>
      <ol>
        {one.steps.map((step) => (
          <li key={step.no}>
            <b>{step.who}</b> {step.what} {step.time_limit_text && <small>{step.time_limit_text}</small>}
          </li>
        ))}
      </ol>
      <p className="quiet">{one.basis.map(({ text, review }) => `${text}（${review ?? ''}）`).join('；')}</p>
    </details>
  );
}
