export { AccessGuard } from './access.guard.js';
export { authenticate } from './authenticate.js';
export { CurrentPrincipal } from './current-principal.decorator.js';
export { FOREIGN_PAGE_REFUSAL, withoutBorrowedAuthority } from './foreign-page.js';
export {
  isProtected,
  mountControllers,
  OpenController,
  ProtectedController,
} from './protected-controller.decorator.js';
export { RequireRole } from './require-role.decorator.js';
