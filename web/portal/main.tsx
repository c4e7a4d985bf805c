import '../ui/old';
import { createRoot } from 'react-dom/client';
import { speak } from '../i18n/words';
import { isLarge, setLarge } from '../ui/largetype';
import '../ui/tokens.css';
import '../ui/button.css';
import { say } from '../ui/words';
import { Portal } from './portal';
import './portal.css';
import { t } from './words';

const box = document.getElementById('app');
if (isLarge()) setLarge(true);
void speak({ ui: say, portal: t }).then(() => {
  document.title = t('title');
  if (box) createRoot(box).render(<Portal />);
});
