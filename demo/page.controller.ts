import { createReadStream } from 'node:fs';
import { Controller, Get, Header, StreamableFile } from '@nestjs/common';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The demo's own page. */
@Controller()
export class PageController {
  @Get()
  @Header('Content-Security-Policy', POLICY)
  @Header('Referrer-Policy', 'no-referrer')
  @Header('X-Content-Type-Options', 'nosniff')
  @Header('Cache-Control', 'no-cache')
  page(): StreamableFile {
    return file('index.html', 'text/html; charset=utf-8');
  }

  @Get('page.css')
  @Header('Cache-Control', 'no-cache')
  style(): StreamableFile {
    return file('page.css', 'text/css; charset=utf-8');
  }

  @Get('page.js')
  @Header('Cache-Control', 'no-cache')
  script(): StreamableFile {
    return file('page.js', 'text/javascript; charset=utf-8');
  }

  @Get('icon.svg')
  icon(): StreamableFile {
    return file('icon.svg', 'image/svg+xml');
  }
}

function file(name: string, type: string): StreamableFile {
  return new StreamableFile(createReadStream(new URL(`../page/${name}`, import.meta.url)), { type });
}
