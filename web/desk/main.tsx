import { createRoot } from 'react-dom/client';
import { speak } from '../i18n/words';
import '../ui/tokens.css';
import 'virtual:antd.css';
import '../ui/button.css';
import { say } from '../ui/words';
import './desk.css';
import { Desk } from './desk';
import { t } from './words';

const box = document.getElementById('app');
void speak({ ui: say, desk: t }).then(() => {
  document.title = t('title');
  if (box) createRoot(box).render(<Desk />);
});
