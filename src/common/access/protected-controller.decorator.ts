import {
  applyDecorators,
  Controller,
  SetMetadata,
  UseGuards,
  UsePipes,
  ValidationPipe,
  type Type,
} from '@nestjs/common';
import { AnswersAsTheyAre } from '../answer/index.js';
import { AccessGuard } from './access.guard.js';
import { JsonBodyGuard } from './json-body.guard.js';
import { ShallowInputPipe } from './shallow-input.pipe.js';

const RELATIVE_PATH = Symbol('RELATIVE_PATH');
const PROTECTED = Symbol('PROTECTED');

/**
 * A controller of ours: `AccessGuard` refuses by default, what is not JSON is answered with 415, bad input with 400 and
 * every problem, also where the host has no guards and pipes, and answers are sent as they are, whatever its
 * interceptors do. Its path is relative; {@link mountControllers} says to what.
 */
export function ProtectedController(relativePath: string): ClassDecorator {
  return applyDecorators(
    OpenController(relativePath),
    SetMetadata(PROTECTED, true),
    UseGuards(AccessGuard, JsonBodyGuard),
    UsePipes(
      ShallowInputPipe,
      new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }),
    ),
  );
}

/**
 * A controller of ours that anybody may ask, for what the host opened to all. It takes no input. Its path is relative,
 * and its answers are sent as they are, as those of a {@link ProtectedController}.
 */
export function OpenController(relativePath: string): ClassDecorator {
  return applyDecorators(SetMetadata(RELATIVE_PATH, relativePath), AnswersAsTheyAre());
}

/** Whether it asks who calls: a {@link ProtectedController} does, an {@link OpenController} does not. */
export function isProtected(controller: Type): boolean {
  return Reflect.hasMetadata(PROTECTED, controller);
}

/**
 * The controllers under a path: a subclass of each, since Nest keeps the path with the class. So the module can be
 * mounted twice, under two paths.
 */
export function mountControllers(path: string, controllers: readonly Type[]): Type[] {
  return controllers.map((controller) => {
    const relativePath = Reflect.getMetadata(RELATIVE_PATH, controller) as string | undefined;
    if (relativePath === undefined)
      throw new Error(`${controller.name} is no @ProtectedController() and no @OpenController().`);
    const mounted = { [controller.name]: class extends controller {} }[controller.name] as Type;
    Controller([path, relativePath].filter((part) => part !== '').join('/'))(mounted);
    return mounted;
  });
}
