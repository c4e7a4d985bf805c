import { Said } from './said';
import { moment } from './time';
import { say } from './words';
import './timeline.css';

export interface TimelineStep {
  key: string;
  label: string;
  at: string;
  recordedAt?: string;
  who?: string | undefined;
  text: string;
  inside?: boolean;
  facts?: { label: string; value: string }[];
}

/** An hour between doing and writing down is worth telling. */
function late(step: TimelineStep): boolean {
  return step.recordedAt !== undefined && Date.parse(step.recordedAt) - Date.parse(step.at) > 3600e3;
}

/** What happened, the newest first. */
export function Timeline({ steps }: { steps: TimelineStep[] }) {
  return (
    <ol className="timeline">
      {steps.map((step) => (
        <li key={step.key} className={step.inside ? 'inside' : ''}>
          <p className="head">
            <b>{step.label}</b>
            {step.inside && <span className="flag">{say('timeline.inside')}</span>}
            <time dateTime={step.at}>{moment(step.at)}</time>
          </p>
          {step.text && (
            <p className="text">
              <Said text={step.text} />
            </p>
          )}
          {step.facts && step.facts.length > 0 && (
            <dl>
              {step.facts.map(({ label, value }) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>
                    <Said text={value} />
                  </dd>
                </div>
              ))}
            </dl>
          )}
          {(step.who || late(step)) && (
            <p className="who">
              {step.who}
              {late(step) && step.recordedAt ? ` ${say('timeline.recorded', { at: moment(step.recordedAt) })}` : ''}
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}
