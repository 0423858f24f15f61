import { Type } from 'class-transformer';
import { IsBooleanString, IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';

const YEAR_MS = 365 * 24 * 60 * 60_000;

export class HoldDto {
  /** Shown to everybody who wonders why it is not touched. */
  @IsString()
  @Length(1, 200)
  reason!: string;

  /** Milliseconds; without it, until released. */
  @IsOptional()
  @IsInt()
  @Min(1_000)
  @Max(YEAR_MS)
  forMs?: number;
}

export class StopQueryDto {
  @IsOptional()
  @IsBooleanString()
  dryRun?: string;
}

export class ContainerQueryDto {
  /** At most this many memory samples. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(2)
  @Max(3_000)
  points?: number;
}

export class IncidentsQueryDto {
  @IsOptional()
  @IsIn(['open', 'resolved'])
  status?: 'open' | 'resolved';
}
