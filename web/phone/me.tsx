import { StandInPanel } from '../ui/standins';
import { go } from '../ui/route';
import { say } from '../ui/words';
import { Frame } from './frame';

export function Me() {
  return (
    <Frame title={say('standins.mine')} back={() => go('')}>
      <div className="me-page">
        <StandInPanel />
      </div>
    </Frame>
  );
}
