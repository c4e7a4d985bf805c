import { useEffect } from 'react';

export interface CaseEvent {
  id: string;
  rev: number;
  verb: string;
}

const listeners = new Set<(event: CaseEvent) => void>();
let source: EventSource | undefined;

function listen(): void {
  if (source) return;
  source = new EventSource('/api/v1/events');
  source.addEventListener('case', (message: MessageEvent<string>) => {
    const event = JSON.parse(message.data) as CaseEvent;
    listeners.forEach((listener) => listener(event));
  });
}

/** Tells what others do while the page is open. One stream for the whole desk; the browser reconnects it by itself. */
export function useLive(listener: (event: CaseEvent) => void): void {
  useEffect(() => {
    listeners.add(listener);
    listen();
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) {
        source?.close();
        source = undefined;
      }
    };
  }, [listener]);
}
