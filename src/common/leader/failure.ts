import {
  BadGatewayException,
  BadRequestException,
  ConflictException,
  HttpException,
  NotFoundException,
  ServiceUnavailableException,
  type Type,
} from '@nestjs/common';

/** An HttpException as plain data. */
export interface Failure {
  readonly status: number;
  readonly body: string | object;
}

/** Those that are thrown by what people ask for. */
const KINDS: readonly Type<HttpException>[] = [
  BadRequestException,
  NotFoundException,
  ConflictException,
  BadGatewayException,
  ServiceUnavailableException,
];

export const failureOf = (error: HttpException): Failure => ({
  status: error.getStatus(),
  body: error.getResponse(),
});

/** The same exception again, of the same class. */
export function exceptionOf({ status, body }: Failure): HttpException {
  const Kind = KINDS.find((kind) => new kind().getStatus() === status);
  return Kind ? new Kind(body) : new HttpException(body, status);
}
