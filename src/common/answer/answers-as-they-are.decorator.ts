import { applyDecorators, Res, UseInterceptors } from '@nestjs/common';
import { MetadataScanner } from '@nestjs/core';
import { DirectAnswer } from './direct-answer.interceptor.js';

/** Behind every parameter that a call has. */
const LAST_PARAMETER = 20;

/**
 * What the calls of a controller return is sent as it is: the host's interceptors are told of it, but what they make of
 * it is not sent. So one that wraps all answers of the host leaves ours as they are documented.
 */
export function AnswersAsTheyAre(): ClassDecorator {
  return applyDecorators(UseInterceptors(DirectAnswer), answersItself);
}

/** Nest leaves the answer to a call that asks for the response. */
function answersItself(controller: { prototype: object }): void {
  for (const call of new MetadataScanner().getAllMethodNames(controller.prototype)) {
    Res()(controller.prototype, call, LAST_PARAMETER);
  }
}
