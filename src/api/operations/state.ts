import { examples } from '../examples.js'
import { type Operation, operation } from '../operation.js'
import { collectionList, modelList, modelsQuery, status } from '../schemas/service.js'
import { MODEL_FAULTS } from './parts.js'

/** What there is, and who works on it. */
export const stateOperations = {
  listCollections: operation({
    id: 'listCollections',
    method: 'GET',
    path: '/v1/collections',
    tag: 'Service',
    summary: 'List the collections',
    access: 'read',
    answer: collectionList,
    answerExample: examples.collections,
  }),
  getStatus: operation({
    id: 'getStatus',
    method: 'GET',
    path: '/v1/status',
    tag: 'Service',
    summary: 'State of the index',
    access: 'read',
    answer: status,
    answerExample: examples.status,
  }),
  listModels: operation({
    id: 'listModels',
    method: 'GET',
    path: '/v1/models',
    tag: 'Service',
    summary: 'List models, for clients of both kinds',
    access: 'read',
    query: modelsQuery,
    answer: modelList,
    errors: MODEL_FAULTS,
    answerExample: examples.models,
  }),
} as const satisfies Record<string, Operation>
