import { Reflector } from '@nestjs/core';
import type { Principal } from '../options/index.js';

/** What a call needs: a viewer looks, an operator also acts. A call without it is refused to everybody. */
export const RequireRole = Reflector.createDecorator<Principal['role']>();
