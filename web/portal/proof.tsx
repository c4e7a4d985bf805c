import { Proofs } from '../ui/proofs';
import { Frame } from './frame';
import { usePlace } from './place';
import { t } from './words';

export function Proof() {
  const { committee, group } = usePlace();
  return (
    <Frame title={t('home.proof')}>
      <Proofs unit={group ?? committee?.code ?? ''} />
    </Frame>
  );
}
