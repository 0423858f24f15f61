const PATHS = {
  search: 'm17 17-4.200-4.200M14.500 8.800a5.700 5.700 0 1 1-11.400 0 5.700 5.700 0 0 1 11.400 0',
  back: 'M12 4.500 6.500 10l5.500 5.500',
  overview: 'M3 8.500 10 3l7 5.500V17h-4.800v-5H7.800v5H3z',
  incidents: 'M10 2.800 18 17H2zM10 8v4.200m0 2.200v.1',
  notifications:
    'M5 8.300a5 5 0 0 1 10 0c0 4.700 2 5.700 2 5.700H3s2-1 2-5.700M8.300 16.800a2 2 0 0 0 3.400 0',
  webhooks:
    'M7.600 5.800a2.800 2.800 0 1 1 4.600 2.800l2.600 4.700M12.800 14.700a2.800 2.800 0 1 0 .2-2.600M10 6.900l-3.300 6.200a2.800 2.800 0 1 1-3.500 1.200',
  external: 'm8 5 5 5-5 5',
} as const;

export function Icon({ name, size = 20 }: { name: keyof typeof PATHS; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
