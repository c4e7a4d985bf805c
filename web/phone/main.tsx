import '../ui/old';
import { createRoot } from 'react-dom/client';
import { speak } from '../i18n/words';
import { isLarge, setLarge } from '../ui/largetype';
import '../ui/tokens.css';
import '../ui/button.css';
import { say } from '../ui/words';
import { Phone } from './phone';
import './phone.css';
import { t } from './words';

const box = document.getElementById('app');
if (isLarge()) setLarge(true);
if ('serviceWorker' in navigator) {
  // A WebView that refuses it (WeChat's) still works while there is a network.
  navigator.serviceWorker.register('/m/worker.js', { scope: '/m/' }).catch(() => undefined);
}
void speak({ ui: say, phone: t }).then(() => {
  document.title = t('title');
  if (box) createRoot(box).render(<Phone />);
});
