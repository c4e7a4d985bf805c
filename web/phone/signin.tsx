import { Button, Input } from 'antd-mobile';
import { useState } from 'react';
import { api, got } from '../api/client';
import { Problem } from '../api/problem';
import { say } from '../ui/words';
import { t } from './words';

function InWeChat() {
  if (!/MicroMessenger/.test(navigator.userAgent)) return null;
  return <p className="banner quiet">{t('wechat')}</p>;
}

export function SignIn({ onDone }: { onDone: () => void }) {
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [second, setSecond] = useState(false);
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    setWrong('');
    try {
      await got(api.POST('/api/v1/session', { body: { login, password, ...(code ? { code } : {}) } }));
      void navigator.storage?.persist?.(); // the queue must not be tidied away
      onDone();
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause;
      if (cause.code === 'second_factor' && !second) setSecond(true);
      else setWrong(cause.message || say(cause.offline ? 'error.offline' : 'error.broken'));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void submit();
      }}
    >
      <InWeChat />
      <h1>{t('title')}</h1>
      <label htmlFor="login">{t('signIn.login')}</label>
      <Input id="login" autoComplete="username" autoCapitalize="none" value={login} onChange={setLogin} />
      <label htmlFor="password">{t('signIn.password')}</label>
      <Input id="password" type="password" autoComplete="current-password" value={password} onChange={setPassword} />
      {second && (
        <>
          <label htmlFor="code">{t('signIn.code')}</label>
          <Input id="code" inputMode="numeric" autoComplete="one-time-code" value={code} onChange={setCode} autoFocus />
        </>
      )}
      {wrong && (
        <p className="error" role="alert">
          {wrong}
        </p>
      )}
      <Button block type="submit" color="primary" size="large" loading={busy}>
        {t('signIn.go')}
      </Button>
      <p className="hint">{t('signIn.forgot')}</p>
    </form>
  );
}
