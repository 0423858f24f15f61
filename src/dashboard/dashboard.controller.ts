import {
  Controller,
  Get,
  Req,
  Res,
  StreamableFile,
  VERSION_NEUTRAL,
  SetMetadata,
  type Type,
} from '@nestjs/common';
import { AnswersAsTheyAre } from '../common/answer/index.js';
import { DashboardPage } from './dashboard-page.js';

/** What Express's and Fastify's requests have in common, as far as we need it. */
interface HttpRequest {
  readonly originalUrl?: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}
interface HttpReply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
}

/** What `ApiExcludeController` of @nestjs/swagger writes: a host may have that, and need not. */
const NoApi = () => SetMetadata('swagger/apiExcludeController', [true]);

/**
 * A controller that serves the `DashboardPage` of its module at `path`. Nest fixes a controller's path when its class
 * is made, so there is one class a path.
 *
 * The page itself holds nothing secret and is served to anyone; what it shows comes over the guarded REST API and
 * socket. Works on Express and on Fastify.
 */
export function createDashboardController(path: string): Type {
  @AnswersAsTheyAre()
  @Controller({ path, version: VERSION_NEUTRAL })
  @NoApi()
  class DashboardController {
    constructor(private readonly page: DashboardPage) {}

    @Get()
    index(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<StreamableFile> {
      return this.serve(request, reply);
    }

    @Get('assets/:file')
    asset(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<StreamableFile> {
      return this.serve(request, reply);
    }

    private async serve(request: HttpRequest, reply: HttpReply): Promise<StreamableFile> {
      const accepted = request.headers['accept-encoding'];
      const answer = await this.page.answer({
        path: (request.originalUrl ?? request.url).split(/[?#]/, 1)[0] ?? '/',
        acceptEncoding: Array.isArray(accepted) ? accepted.join() : accepted,
      });
      reply.status(answer.status);
      for (const [name, value] of Object.entries(answer.headers)) reply.header(name, value);
      return new StreamableFile(answer.body, {
        type: answer.headers['Content-Type'] ?? 'text/plain; charset=utf-8',
        length: answer.body.length,
      });
    }
  }
  return DashboardController;
}
