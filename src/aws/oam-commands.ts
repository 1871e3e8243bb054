import type { Tags } from '#src/domain/resource.ts';

/** One call of OAM: what it takes, and what AWS answers. */
export interface OamCommand<Input extends object = object, Answer extends object = object> {
  readonly operation: string;
  readonly input: Input;
  /** Of its type only; the answer is what `send` resolves to. */
  readonly answer?: Answer;
}

function command<Input extends object, Answer extends object>(
  operation: string,
): new (
  input: Input,
) => OamCommand<Input, Answer> {
  return class {
    readonly operation = operation;
    readonly input: Input;
    constructor(input: Input) {
      this.input = input;
    }
  };
}

/** Of a sink or a link: an ARN. */
interface Identified {
  readonly Identifier: string;
  /** Takes the permission `oam:ListTagsForResource` too. */
  readonly IncludeTags?: boolean;
}

interface OfSink {
  readonly SinkIdentifier: string;
}

interface Paged {
  readonly MaxResults?: number;
  readonly NextToken?: string | undefined;
}

interface Page<Item> {
  readonly Items?: readonly Item[];
  readonly NextToken?: string;
}

export interface WireSink {
  readonly Arn?: string;
  readonly Id?: string;
  readonly Name?: string;
  /** Only where they were asked for. */
  readonly Tags?: Tags;
}

interface Filter {
  readonly Filter?: string;
}

/** Which namespaces and log groups are shared; `*` clears a filter. */
export interface LinkConfiguration {
  readonly MetricConfiguration?: Filter;
  readonly LogGroupConfiguration?: Filter;
}

export interface WireLink {
  readonly Arn?: string;
  readonly Id?: string;
  readonly Label?: string;
  readonly LabelTemplate?: string;
  readonly LinkConfiguration?: LinkConfiguration;
  readonly ResourceTypes?: readonly string[];
  readonly SinkArn?: string;
  /** Only where they were asked for. */
  readonly Tags?: Tags;
}

interface Shared {
  readonly ResourceTypes: readonly string[];
  readonly LinkConfiguration?: LinkConfiguration;
}

interface NewLink extends Shared, OfSink {
  readonly LabelTemplate: string;
  readonly Tags: Tags;
}

export const CreateSinkCommand = command<{ readonly Name: string; readonly Tags: Tags }, WireSink>('CreateSink');
export const GetSinkCommand = command<Identified, WireSink>('GetSink');
export const ListSinksCommand = command<Paged, Page<WireSink>>('ListSinks');
export const DeleteSinkCommand = command<Identified, object>('DeleteSink');
export const GetSinkPolicyCommand = command<OfSink, { readonly Policy?: string }>('GetSinkPolicy');
export const PutSinkPolicyCommand = command<OfSink & { readonly Policy: string }, object>('PutSinkPolicy');
export const ListAttachedLinksCommand = command<
  OfSink & Paged,
  Page<{ readonly Label?: string; readonly LinkArn?: string }>
>('ListAttachedLinks');

export const CreateLinkCommand = command<NewLink, WireLink>('CreateLink');
export const GetLinkCommand = command<Identified, WireLink>('GetLink');
export const ListLinksCommand = command<Paged, Page<WireLink>>('ListLinks');
export const UpdateLinkCommand = command<Identified & Shared, WireLink>('UpdateLink');
export const DeleteLinkCommand = command<Identified, object>('DeleteLink');

export const TagObservabilityCommand = command<{ readonly ResourceArn: string; readonly Tags: Tags }, object>(
  'TagResource',
);
