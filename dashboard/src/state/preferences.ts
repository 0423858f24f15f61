import { effect, signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
const THEMES: readonly string[] = ['system', 'light', 'dark'] satisfies Theme[];

export const theme = signal<Theme>(
  read('theme', 'system', (value): value is Theme => THEMES.includes(value)),
);
export const singleKeys = signal(
  read('single-keys', 'on', (value) => value === 'on' || value === 'off') === 'on',
);

export function startPreferences(): void {
  effect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
    write('theme', theme.value);
  });
  effect(() => write('single-keys', singleKeys.value ? 'on' : 'off'));
}

function read<T extends string>(key: string, otherwise: T, isOne: (value: string) => boolean): T {
  try {
    const value = localStorage.getItem(`health-monitor-${key}`);
    return value !== null && isOne(value) ? (value as T) : otherwise;
  } catch {
    return otherwise;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`health-monitor-${key}`, value);
  } catch {
    // Storage is off in this browser: the choice lasts as long as the page.
  }
}
