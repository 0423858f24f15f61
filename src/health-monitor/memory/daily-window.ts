const WINDOW = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/;

/**
 * Whether `date` lies in a daily window `HH:mm-HH:mm`, in the host's time. The end is not part of it; a window whose end
 * is not after its beginning passes midnight, and one that ends as it begins lasts all day. False for anything else than
 * a window: what may not be understood must not restart a container.
 */
export function inDailyWindow(window: string, date: Date): boolean {
  const match = WINDOW.exec(window);
  if (!match) return false;
  const [fromHour, fromMinute, toHour, toMinute] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const from = fromHour * 60 + fromMinute;
  const to = toHour * 60 + toMinute;
  const now = date.getHours() * 60 + date.getMinutes();
  return from < to ? from <= now && now < to : now >= from || now < to;
}
