import Monitor from 'lucide-solid/icons/monitor';
import Moon from 'lucide-solid/icons/moon';
import Sun from 'lucide-solid/icons/sun';
import { createSignal, onCleanup } from 'solid-js';
import { Segmented } from './segmented.tsx';

const KEY = 'relay-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

function stored(): string {
  try {
    return localStorage.getItem(KEY) ?? 'system';
  } catch {
    return 'system';
  }
}

const apply = (choice: string): void => {
  const isDark = choice === 'dark' || (choice === 'system' && dark.matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
};

/** Light, dark, or as the system says; remembered on this machine. `theme.js` applies it before the first paint. */
export function ThemeSwitch() {
  const [choice, setChoice] = createSignal(stored());
  const follow = (): void => apply(choice());
  dark.addEventListener('change', follow);
  onCleanup(() => dark.removeEventListener('change', follow));
  const choose = (next: string): void => {
    setChoice(next);
    apply(next);
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // Without storage the choice holds until the page is left.
    }
  };
  return (
    <Segmented
      label="Theme"
      value={choice()}
      onChange={choose}
      options={[
        { value: 'light', name: 'Light', label: <Sun class="size-3.5" aria-hidden="true" /> },
        { value: 'dark', name: 'Dark', label: <Moon class="size-3.5" aria-hidden="true" /> },
        { value: 'system', name: 'As the system', label: <Monitor class="size-3.5" aria-hidden="true" /> },
      ]}
    />
  );
}
