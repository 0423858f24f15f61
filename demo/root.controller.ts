import { Controller, Get, Redirect } from '@nestjs/common';

/** Leads from the printed link to the dashboard; the browser takes the token in the fragment along. */
@Controller()
export class RootController {
  @Get()
  @Redirect('dashboard')
  toDashboard(): void {}
}
