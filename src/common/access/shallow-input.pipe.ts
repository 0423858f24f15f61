import { BadRequestException, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';

/** Nothing that these calls take is nested deeper. */
const MOST_LEVELS = 8;

/**
 * Refuses input that is nested deeply with 400, before anything goes through it by calling itself level by level: a few
 * thousand of them would be too many.
 */
export class ShallowInputPipe implements PipeTransform {
  transform(value: unknown, { type }: ArgumentMetadata): unknown {
    // Who asks is the host's own object, and no input.
    if (type !== 'custom' && isDeeperThan(MOST_LEVELS, value)) {
      throw new BadRequestException([`It is nested too deeply; at most ${MOST_LEVELS} levels can be read.`]);
    }
    return value;
  }
}

/** Itself goes no deeper than `levels`. */
function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}
