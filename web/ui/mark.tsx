import type { PromiseState } from '../api/types';

const shapes: Record<PromiseState, string> = {
  done: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1ZM6.9 11.4 3.6 8.1l1.3-1.3 2 2 4.2-4.2 1.3 1.3Z',
  running: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm0 1.8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 8 2.8Zm-.8 1.6h1.6v3.2l2.4 1.4-.8 1.4-3.2-1.9Z',
  overdue: 'M8 1 15.5 14.5H.5ZM7.1 5.8l.3 4.2h1.2l.3-4.2Zm.9 5a.9.9 0 1 0 0 1.8.9.9 0 0 0 0-1.8Z',
  paused: 'M3.5 2h3v12h-3ZM9.5 2h3v12h-3Z',
  none: 'M3 7.2h10v1.6H3Z',
};

/** A state's shape, so that nobody needs to see its colour. */
export function Mark({ state }: { state: PromiseState }) {
  return (
    <svg className="mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={shapes[state]} fill="currentColor" fillRule="evenodd" />
    </svg>
  );
}
