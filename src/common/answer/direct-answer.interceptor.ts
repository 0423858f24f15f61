import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { tap, type Observable } from 'rxjs';

/** Sends what the call returns, in place of Nest. */
@Injectable()
export class DirectAnswer implements NestInterceptor {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { httpAdapter } = this.adapterHost;
    const response: unknown = context.switchToHttp().getResponse();
    let answer: unknown;
    return next.handle().pipe(
      tap({
        next: (returned) => (answer = returned),
        // The host's interceptors were told by now: they have set their headers, or failed, and then this is not reached.
        complete: () => {
          if (!httpAdapter.isHeadersSent(response)) httpAdapter.reply(response, answer);
        },
      }),
    );
  }
}
