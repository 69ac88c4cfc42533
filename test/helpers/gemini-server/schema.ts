import type { FieldType, MessageSchema } from './validate.js'

const string: FieldType = { kind: 'scalar', type: 'TYPE_STRING' }
const bytes: FieldType = { kind: 'scalar', type: 'TYPE_BYTES' }
const bool: FieldType = { kind: 'scalar', type: 'TYPE_BOOL' }
const int32: FieldType = { kind: 'scalar', type: 'TYPE_INT32' }
const int64: FieldType = { kind: 'scalar', type: 'TYPE_INT64' }
const float: FieldType = { kind: 'scalar', type: 'TYPE_FLOAT' }
const double: FieldType = { kind: 'scalar', type: 'TYPE_DOUBLE' }
const any: FieldType = { kind: 'any' }
const strings = list(string)

function list(item: FieldType): FieldType {
  return { kind: 'list', item }
}

function map(item: FieldType): FieldType {
  return { kind: 'map', item }
}

function of(schema: MessageSchema | (() => MessageSchema)): FieldType {
  return { kind: 'message', schema: typeof schema === 'function' ? schema : () => schema }
}

function oneOf(name: string, values: string, { anyCase = false } = {}): FieldType {
  return { kind: 'enum', name, values: values.split(' '), anyCase }
}

function message(
  name: string,
  fields: MessageSchema['fields'],
  oneof?: MessageSchema['oneof'],
): MessageSchema {
  return { name, fields, ...(oneof && { oneof }) }
}

/** Kinds of data of which a part holds exactly one. */
export const PART_DATA = [
  'text',
  'inlineData',
  'functionCall',
  'functionResponse',
  'fileData',
  'executableCode',
  'codeExecutionResult',
] as const

const mediaResolution = oneOf(
  'MediaResolution',
  'MEDIA_RESOLUTION_UNSPECIFIED MEDIA_RESOLUTION_LOW MEDIA_RESOLUTION_MEDIUM MEDIA_RESOLUTION_HIGH',
)

const blob = message('Blob', { mimeType: string, data: bytes })

const part = message(
  'Part',
  {
    text: string,
    inlineData: of(blob),
    functionCall: of(message('FunctionCall', { id: string, name: string, args: any })),
    functionResponse: of(
      message('FunctionResponse', {
        id: string,
        name: string,
        response: any,
        parts: list(of(message('FunctionResponsePart', { inlineData: of(blob) }))),
        willContinue: bool,
        scheduling: oneOf('FunctionResponse.Scheduling', 'SCHEDULING_UNSPECIFIED SILENT WHEN_IDLE INTERRUPT'),
      }),
    ),
    fileData: of(message('FileData', { mimeType: string, fileUri: string })),
    executableCode: of(
      message('ExecutableCode', {
        id: string,
        language: oneOf('ExecutableCode.Language', 'LANGUAGE_UNSPECIFIED PYTHON'),
        code: string,
      }),
    ),
    codeExecutionResult: of(
      message('CodeExecutionResult', {
        id: string,
        outcome: oneOf(
          'CodeExecutionResult.Outcome',
          'OUTCOME_UNSPECIFIED OUTCOME_OK OUTCOME_FAILED OUTCOME_DEADLINE_EXCEEDED',
        ),
        output: string,
      }),
    ),
    videoMetadata: of(message('VideoMetadata', { startOffset: string, endOffset: string, fps: double })),
    thought: bool,
    thoughtSignature: bytes,
    partMetadata: any,
    mediaResolution: of(message('Part.MediaResolution', { level: mediaResolution })),
  },
  { name: 'data', fields: PART_DATA },
)

const content = message('Content', { role: string, parts: list(of(part)) })

const TASK_TYPES =
  'TASK_TYPE_UNSPECIFIED RETRIEVAL_QUERY RETRIEVAL_DOCUMENT SEMANTIC_SIMILARITY CLASSIFICATION CLUSTERING ' +
  'QUESTION_ANSWERING FACT_VERIFICATION CODE_RETRIEVAL_QUERY'

const embedFields = { taskType: oneOf('TaskType', TASK_TYPES), title: string, outputDimensionality: int32 }

/** Body of `embedContent`, and one request of a batch. */
export const embedContentRequest = message('EmbedContentRequest', {
  model: string,
  content: of(content),
  ...embedFields,
  embedContentConfig: of(
    message('EmbedContentConfig', {
      ...embedFields,
      autoTruncate: bool,
      documentOcr: bool,
      audioTrackExtraction: bool,
    }),
  ),
})

/** Body of `batchEmbedContents`. */
export const batchEmbedContentsRequest = message('BatchEmbedContentsRequest', {
  model: string,
  requests: list(of(embedContentRequest)),
})

const schema: MessageSchema = message('Schema', {
  type: oneOf('Type', 'TYPE_UNSPECIFIED STRING NUMBER INTEGER BOOLEAN ARRAY OBJECT NULL', { anyCase: true }),
  format: string,
  title: string,
  description: string,
  nullable: bool,
  enum: strings,
  maxItems: int64,
  minItems: int64,
  properties: map(of(() => schema)),
  required: strings,
  minProperties: int64,
  maxProperties: int64,
  minLength: int64,
  maxLength: int64,
  pattern: string,
  example: any,
  anyOf: list(of(() => schema)),
  propertyOrdering: strings,
  default: any,
  items: of(() => schema),
  minimum: double,
  maximum: double,
})

const functionDeclaration = message('FunctionDeclaration', {
  name: string,
  description: string,
  behavior: oneOf('FunctionDeclaration.Behavior', 'UNSPECIFIED BLOCKING NON_BLOCKING'),
  parameters: of(schema),
  parametersJsonSchema: any,
  response: of(schema),
  responseJsonSchema: any,
})

const interval = message('Interval', { startTime: string, endTime: string })

const tool = message('Tool', {
  functionDeclarations: list(of(functionDeclaration)),
  googleSearchRetrieval: of(
    message('GoogleSearchRetrieval', {
      dynamicRetrievalConfig: of(
        message('DynamicRetrievalConfig', {
          mode: oneOf('DynamicRetrievalConfig.Mode', 'MODE_UNSPECIFIED MODE_DYNAMIC'),
          dynamicThreshold: float,
        }),
      ),
    }),
  ),
  codeExecution: of(message('CodeExecution', {})),
  googleSearch: of(message('GoogleSearch', { timeRangeFilter: of(interval), searchTypes: any })),
  computerUse: of(
    message('ComputerUse', {
      environment: oneOf('ComputerUse.Environment', 'ENVIRONMENT_UNSPECIFIED ENVIRONMENT_BROWSER'),
      excludedPredefinedFunctions: strings,
    }),
  ),
  urlContext: of(message('UrlContext', {})),
  fileSearch: of(
    message('FileSearch', { fileSearchStoreNames: strings, metadataFilter: string, topK: int32 }),
  ),
  googleMaps: of(message('GoogleMaps', { enableWidget: bool })),
})

const toolConfig = message('ToolConfig', {
  functionCallingConfig: of(
    message('FunctionCallingConfig', {
      mode: oneOf('FunctionCallingConfig.Mode', 'MODE_UNSPECIFIED AUTO ANY NONE VALIDATED'),
      allowedFunctionNames: strings,
    }),
  ),
  retrievalConfig: of(
    message('RetrievalConfig', {
      latLng: of(message('LatLng', { latitude: double, longitude: double })),
      languageCode: string,
    }),
  ),
})

/** Harm categories that text models take. */
export const HARM_CATEGORIES = [
  'HARM_CATEGORY_HARASSMENT',
  'HARM_CATEGORY_HATE_SPEECH',
  'HARM_CATEGORY_SEXUALLY_EXPLICIT',
  'HARM_CATEGORY_DANGEROUS_CONTENT',
  'HARM_CATEGORY_CIVIC_INTEGRITY',
] as const

/** Harm categories that only models long gone took. */
const OLD_HARM_CATEGORIES =
  'HARM_CATEGORY_UNSPECIFIED HARM_CATEGORY_DEROGATORY HARM_CATEGORY_TOXICITY HARM_CATEGORY_VIOLENCE ' +
  'HARM_CATEGORY_SEXUAL HARM_CATEGORY_MEDICAL HARM_CATEGORY_DANGEROUS'

const safetySetting = message('SafetySetting', {
  category: oneOf('HarmCategory', `${HARM_CATEGORIES.join(' ')} ${OLD_HARM_CATEGORIES}`),
  threshold: oneOf(
    'SafetySetting.HarmBlockThreshold',
    'HARM_BLOCK_THRESHOLD_UNSPECIFIED BLOCK_LOW_AND_ABOVE BLOCK_MEDIUM_AND_ABOVE BLOCK_ONLY_HIGH BLOCK_NONE OFF',
  ),
})

const voiceConfig = message('VoiceConfig', {
  prebuiltVoiceConfig: of(message('PrebuiltVoiceConfig', { voiceName: string })),
})

const speakerVoiceConfig = message('SpeakerVoiceConfig', { speaker: string, voiceConfig: of(voiceConfig) })

const generationConfig = message('GenerationConfig', {
  candidateCount: int32,
  stopSequences: strings,
  maxOutputTokens: int32,
  temperature: float,
  topP: float,
  topK: int32,
  seed: int32,
  responseMimeType: string,
  responseSchema: of(schema),
  responseJsonSchema: any,
  presencePenalty: float,
  frequencyPenalty: float,
  responseLogprobs: bool,
  logprobs: int32,
  enableEnhancedCivicAnswers: bool,
  responseModalities: list(oneOf('GenerationConfig.Modality', 'MODALITY_UNSPECIFIED TEXT IMAGE AUDIO')),
  speechConfig: of(
    message('SpeechConfig', {
      voiceConfig: of(voiceConfig),
      multiSpeakerVoiceConfig: of(
        message('MultiSpeakerVoiceConfig', { speakerVoiceConfigs: list(of(speakerVoiceConfig)) }),
      ),
      languageCode: string,
    }),
  ),
  thinkingConfig: of(
    message('ThinkingConfig', {
      includeThoughts: bool,
      thinkingBudget: int32,
      thinkingLevel: oneOf(
        'ThinkingConfig.ThinkingLevel',
        'THINKING_LEVEL_UNSPECIFIED MINIMAL LOW MEDIUM HIGH',
        {
          anyCase: true,
        },
      ),
    }),
  ),
  imageConfig: of(message('ImageConfig', { aspectRatio: string, imageSize: string })),
  mediaResolution,
})

/** Body of `generateContent` and `streamGenerateContent`. */
export const generateContentRequest = message('GenerateContentRequest', {
  model: string,
  contents: list(of(content)),
  systemInstruction: of(content),
  tools: list(of(tool)),
  toolConfig: of(toolConfig),
  safetySettings: list(of(safetySetting)),
  generationConfig: of(generationConfig),
  cachedContent: string,
  serviceTier: oneOf('ServiceTier', 'SERVICE_TIER_UNSPECIFIED UNSPECIFIED STANDARD FLEX PRIORITY', {
    anyCase: true,
  }),
})

/** Body of `countTokens`. */
export const countTokensRequest = message('CountTokensRequest', {
  contents: list(of(content)),
  generateContentRequest: of(generateContentRequest),
})
