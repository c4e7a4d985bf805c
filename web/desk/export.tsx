import { t } from './words';

/** This list, all of it, as a file: the server makes it with the same filters. */
export function Export({ path, query }: { path: string; query: Record<string, string | number | undefined> }) {
  const address = (format: string) => {
    const asked = new URLSearchParams({ format });
    for (const [name, value] of Object.entries(query)) if (value !== undefined) asked.set(name, String(value));
    return `/api/v1/${path}/export?${asked.toString()}`;
  };
  return (
    <span className="export">
      <a className="button" href={address('xlsx')} download title={t('export.excelHint')}>
        {t('export.excel')}
      </a>
      <a className="button quiet" href={address('csv')} download>
        {t('export.csv')}
      </a>
    </span>
  );
}
