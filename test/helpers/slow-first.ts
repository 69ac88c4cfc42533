import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that start programs, threads or processes, or read thousands of damaged files. */
const SLOW = /\/test\/e2e\/|\/threads\/|\/processes\.|\/mutations|\/docs-answers\./

/** Begins with what takes longest, so that no worker is left with it when the others are done. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    // Those that share a process come one after the other, as they were.
    const rank = ({ project, moduleId }: TestSpecification) =>
      (project.config.isolate ? 0 : 2) + (SLOW.test(moduleId) ? 0 : 1)
    return sorted.toSorted((a, b) => rank(a) - rank(b))
  }
}
