import type { Session } from '../api/types';
import { KinPanel } from '../ui/kin';
import { StandInPanel } from '../ui/standins';
import { go } from '../ui/route';
import { say } from '../ui/words';
import { Frame } from './frame';

export function Me({ session }: { session: Session }) {
  return (
    <Frame title={say('standins.mine')} back={() => go('')}>
      <div className="me-page">
        <StandInPanel />
        <KinPanel session={session} />
      </div>
    </Frame>
  );
}
