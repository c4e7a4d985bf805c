import { Button, Input } from 'antd';
import { useState } from 'react';
import { api, got } from '../api/client';
import { Problem } from '../api/problem';
import { say } from '../ui/words';
import { t } from './words';

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
    <main className="sign-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void submit();
        }}
      >
        <h1>{t('title')}</h1>
        <label htmlFor="login">{t('signIn.login')}</label>
        <Input id="login" size="large" autoComplete="username" autoFocus value={login} onChange={(event) => setLogin(event.target.value)} />
        <label htmlFor="password">{t('signIn.password')}</label>
        <Input
          id="password"
          size="large"
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {second && (
          <>
            <label htmlFor="code">{t('signIn.code')}</label>
            <Input
              id="code"
              size="large"
              inputMode="numeric"
              autoComplete="one-time-code"
              autoFocus
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          </>
        )}
        {wrong && (
          <p className="error" role="alert">
            {wrong}
          </p>
        )}
        <Button block size="large" type="primary" htmlType="submit" loading={busy}>
          {t('signIn.go')}
        </Button>
      </form>
    </main>
  );
}
