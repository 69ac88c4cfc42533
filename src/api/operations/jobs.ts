import { examples } from '../examples.js'
import { type Operation, operation } from '../operation.js'
import { indexRequest, job, jobList, jobPath, jobsQuery } from '../schemas/jobs.js'
import { EVENTS, WRITING_FAULTS } from './parts.js'

/** Indexing on behalf of clients. */
export const jobOperations = {
  startIndexing: operation({
    id: 'startIndexing',
    method: 'POST',
    path: '/v1/index',
    tag: 'Jobs',
    summary: 'Index a folder of the server',
    description:
      'The folder must lie in one of those that the service allows (`GEMDEX_ALLOWED_ROOTS`). Answered at once; follow the job by its id.',
    access: 'write',
    body: indexRequest,
    answer: job,
    status: 202,
    errors: ['FORBIDDEN', 'OVERLOADED', ...WRITING_FAULTS],
    requestExamples: { folder: { summary: 'A folder', value: examples.index } },
    answerExample: examples.job,
  }),
  listJobs: operation({
    id: 'listJobs',
    method: 'GET',
    path: '/v1/jobs',
    tag: 'Jobs',
    summary: 'List the jobs of this key, the newest first',
    access: 'read',
    query: jobsQuery,
    answer: jobList,
    answerExample: { jobs: [examples.job] },
  }),
  getJob: operation({
    id: 'getJob',
    method: 'GET',
    path: '/v1/jobs/:id',
    tag: 'Jobs',
    summary: 'How far a job is',
    description:
      'With `Accept: text/event-stream` as events: `progress` whenever something changed, `done` with the job when it has ended, or `error`.',
    access: 'read',
    params: jobPath,
    answer: job,
    otherAnswers: { [EVENTS]: 'The job, again whenever something changed' },
    errors: ['NOT_FOUND'],
    answerExample: examples.job,
  }),
  cancelJob: operation({
    id: 'cancelJob',
    method: 'DELETE',
    path: '/v1/jobs/:id',
    tag: 'Jobs',
    summary: 'Cancel a job',
    description: 'What it has indexed so far stays. A job that has ended stays as it is.',
    access: 'write',
    params: jobPath,
    answer: job,
    errors: ['NOT_FOUND'],
    answerExample: { ...examples.job, state: 'cancelled' },
  }),
} as const satisfies Record<string, Operation>
