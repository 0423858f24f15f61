import { Get, Req } from '@nestjs/common';
import { OpenController } from '../common/access/index.js';
import { MountedApi } from './mounted-api.js';

/** What Express's and Fastify's requests have in common, as far as we need it. */
interface HttpRequest {
  readonly originalUrl?: string;
  readonly url: string;
}

/**
 * The document of the REST API, for anybody: it is the same in every copy of the package, and tells nothing of the
 * containers or the host. What reads such documents seldom has a token.
 */
@OpenController('')
export class OpenApiController {
  constructor(private readonly api: MountedApi) {}

  /** This document: OpenAPI 3.1, with the paths of this host. */
  @Get('openapi.json')
  document(@Req() { originalUrl, url }: HttpRequest): object {
    // With the prefix and version that the host puts in front.
    const [path = ''] = (originalUrl ?? url).split(/[?#]/, 1);
    return { ...this.api.describe(), servers: [{ url: path.replace(/\/openapi\.json\/?$/i, '') }] };
  }
}
