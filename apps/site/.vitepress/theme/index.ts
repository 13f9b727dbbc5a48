import { onContentUpdated } from 'vitepress';
import theme from 'vitepress/theme-without-fonts';
import '../../playground/playground.css';
import './site.css';

export default {
  extends: theme,
  setup() {
    onContentUpdated(() => {
      const host = document.getElementById('playground');
      if (host !== null && host.childElementCount === 0) {
        void import('../../playground/playground.ts').then(({ mountPlayground }) => mountPlayground(host));
      }
    });
  },
};
