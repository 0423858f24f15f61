import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateIf,
} from 'class-validator';
import { WEBHOOK_ID, isEventFilter, isWebhookSecret, type WebhookFormat } from '../common/options/index.js';
import { FORMATS } from './formats/index.js';
import type { NewWebhook, WebhookChange } from './webhook-change.js';

const FORMAT_NAMES = Object.keys(FORMATS) as WebhookFormat[];

function IsWebhookSecret(): PropertyDecorator {
  return ValidateBy({
    name: 'isWebhookSecret',
    validator: {
      validate: isWebhookSecret,
      defaultMessage: () => "$property must be 'whsec_' and base64 of 24 to 64 random bytes",
    },
  });
}

function IsEventFilter(): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isEventFilter',
      validator: {
        validate: isEventFilter,
        defaultMessage: () =>
          "each value in $property must be a type such as 'container.given_up' or 'container.*'",
      },
    },
    { each: true },
  );
}

export class NewWebhookDto implements NewWebhook {
  @IsOptional()
  @Matches(WEBHOOK_ID, {
    message: 'id must be 1 to 64 letters, digits, dots, dashes or underscores, the first no dot or dash',
  })
  id?: string;

  @IsString()
  @MaxLength(2_048)
  url!: string;

  @IsOptional()
  @IsWebhookSecret()
  secret?: string;

  /** Types of notification, or `container.*` for all of a kind. Default: all. */
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(50)
  @IsEventFilter()
  events?: string[];

  @ValidateIf((_, value) => value !== undefined)
  @IsIn(FORMAT_NAMES)
  format?: WebhookFormat;
}

export class WebhookChangeDto implements WebhookChange {
  @ValidateIf((_, value) => value !== undefined)
  @IsString()
  @MaxLength(2_048)
  url?: string;

  /** Types of notification, or `container.*` for all of a kind. `null`: all. */
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(50)
  @IsEventFilter()
  events?: string[] | null;

  @ValidateIf((_, value) => value !== undefined)
  @IsIn(FORMAT_NAMES)
  format?: WebhookFormat;

  @ValidateIf((_, value) => value !== undefined)
  @IsBoolean()
  enabled?: boolean;

  @ValidateIf((_, value) => value !== undefined)
  @IsWebhookSecret()
  secret?: string;

  @ValidateIf((_, value) => value !== undefined)
  @IsBoolean()
  rotateSecret?: boolean;
}

export class DeliveriesQueryDto {
  /** At most this many. Default 50. */
  @IsOptional()
  @Transform(({ value }) =>
    typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : (value as unknown),
  )
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit?: number;
}
