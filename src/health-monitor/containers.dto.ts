import { Type } from 'class-transformer';
import {
  IsBooleanString,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';

const YEAR_MS = 365 * 24 * 60 * 60_000;
/** A letter, digit or sign: spaces, and what cannot be seen, say nothing. */
const HAS_WORDS = /[\p{L}\p{N}\p{P}\p{S}]/u;

export class HoldDto {
  /** Not blank. Shown to everybody who wonders why it is not touched. */
  @IsString()
  @MaxLength(200)
  @Matches(HAS_WORDS, { message: 'reason must say something' })
  reason!: string;

  /** Milliseconds, up to a year; without it, until released. */
  // `null` would hold it for no time at all.
  @ValidateIf((_, value) => value !== undefined)
  @IsInt()
  @Min(1_000)
  @Max(YEAR_MS)
  forMs?: number;
}

export class StopQueryDto {
  /** True: nothing is done; the answer is `{ dependents, stopTimeoutMs }`, who would wait and how long that may take. */
  @IsOptional()
  @IsBooleanString()
  dryRun?: string;
}

export class ContainerQueryDto {
  /** At most this many memory samples, with every low and high kept. Default: all. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(2)
  @Max(3_000)
  points?: number;
}

export class IncidentsQueryDto {
  /** Only these. Default: all. */
  @IsOptional()
  @IsIn(['open', 'resolved'])
  status?: 'open' | 'resolved';
}
