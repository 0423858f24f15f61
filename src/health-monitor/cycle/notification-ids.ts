import { Injectable } from '@nestjs/common';

/** Makes ids as the first monitor did, `health-<app id>-<unix seconds>`, with `-2` and so on within one second. */
@Injectable()
export class NotificationIds {
  private second = 0;
  private readonly taken = new Map<string, number>();

  next(appId: string, at: string): string {
    const second = Math.floor(Date.parse(at) / 1_000);
    if (second !== this.second) {
      this.second = second;
      this.taken.clear();
    }
    const count = (this.taken.get(appId) ?? 0) + 1;
    this.taken.set(appId, count);
    return count === 1 ? `health-${appId}-${second}` : `health-${appId}-${second}-${count}`;
  }
}
