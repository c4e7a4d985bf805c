import { useRef } from 'react';
import { newId } from './id';
import { Problem } from './problem';

/** The id of what is about to be sent. It stays the same until the server has answered, so that what got through before the network failed is not
 * done twice; an answer, also a refusal, ends it. */
export function useCommandId() {
  const id = useRef(newId());
  return async function once<T>(send: (id: string) => Promise<T>): Promise<T> {
    try {
      const answer = await send(id.current);
      id.current = newId();
      return answer;
    } catch (cause) {
      if (cause instanceof Problem && !cause.passing) id.current = newId();
      throw cause;
    }
  };
}
