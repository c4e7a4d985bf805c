import type { Session } from '../api/types';
import { KinPanel } from '../ui/kin';
import { Thanks } from './thanks';
import { StandInPanel } from '../ui/standins';
import { say } from '../ui/words';

/** What concerns oneself: who one is here, and who covers while one is away. */
export function Me({ session }: { session: Session }) {
  return (
    <div className="me">
      <section className="panel">
        <h2>{say('standins.mine')}</h2>
        <p>
          <b>{session.account.name}</b> {session.account.login}
        </p>
        <ul>
          {session.posts.map(({ label, unit }) => (
            <li key={`${unit.code} ${label}`}>{`${unit.name} ${label}`}</li>
          ))}
        </ul>
      </section>
      <Thanks session={session} />
      <StandInPanel />
      <KinPanel session={session} />
    </div>
  );
}
