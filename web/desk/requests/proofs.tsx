import type { Session } from '../../api/types';
import { Proofs as Find } from '../../ui/proofs';

export function Proofs({ session }: { session: Session }) {
  return (
    <section className="panel">
      <Find unit={session.unit.code} />
    </section>
  );
}
