import { examples } from '../examples.js'
import { type Operation, operation } from '../operation.js'
import {
  collectionList,
  collectionPath,
  modelList,
  modelsQuery,
  removedPart,
  removeQuery,
  status,
} from '../schemas/service.js'
import { MODEL_FAULTS, WRITING_FAULTS } from './parts.js'

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
  removeCollection: operation({
    id: 'removeCollection',
    method: 'DELETE',
    path: '/v1/collections/:name',
    tag: 'Documents',
    summary: 'Remove a collection from the index, or what lies below a folder of it',
    description:
      'Answered when all of it has left every table, which takes some time for many documents; the name of a collection that was removed whole is free again, and jobs that wait to index it are cancelled. While any job runs the answer is 409 (`INDEX_LOCKED`): cancel it, or wait until it has ended. Documents leave some at a time: where the request ends before, what was removed stays so, and the same request goes on. Files on disk stay. A collection that was made from a folder is removed whole only with a key that reaches all collections.',
    access: 'write',
    params: collectionPath,
    query: removeQuery,
    answer: removedPart,
    errors: ['NOT_FOUND', 'INDEX_LOCKED', ...WRITING_FAULTS],
    answerExample: { removed: { collection: 'handbook', documents: 7, chunks: 42 } },
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
