const PATHS = {
  search: 'm17 17-4.2-4.2M14.5 8.8a5.7 5.7 0 1 1-11.4 0 5.7 5.7 0 0 1 11.4 0',
  back: 'M12 4.5 6.5 10l5.5 5.5',
  overview: 'M3 8.5 10 3l7 5.5V17h-4.8v-5H7.8v5H3z',
  incidents: 'M10 2.8 18 17H2zM10 8v4.2m0 2.2v.1',
  notifications: 'M5 8.3a5 5 0 0 1 10 0c0 4.7 2 5.7 2 5.7H3s2-1 2-5.7M8.3 16.8a2 2 0 0 0 3.4 0',
  webhooks:
    'M7.6 5.8a2.8 2.8 0 1 1 4.6 2.8l2.6 4.7M12.8 14.7a2.8 2.8 0 1 0 .2-2.6M10 6.9l-3.3 6.2a2.8 2.8 0 1 1-3.5 1.2',
  external: 'm8 5 5 5-5 5',
} as const;

export function Icon({ name, size = 20 }: { name: keyof typeof PATHS; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
