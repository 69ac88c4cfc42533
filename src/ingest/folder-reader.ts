import type { SourceFile } from '../types.js'
import { type IndexerDependencies, type IndexRequest, signalOf } from './index-request.js'
import type { PictureReader } from './picture-reader.js'
import { createDocumentPreparer } from './prepare-document.js'
import { readAhead } from './read-ahead.js'
import { type ReadOptions, type ReadOutcome, readDocument } from './read-document.js'
import type { Target } from './resolve-target.js'
import { type Survey, surveyFolder } from './survey-folder.js'

/** Finds the files of a folder that are to be read, and reads them: the same for a run and for its forecast. */
export interface FolderReader {
  /** Looks at pictures where the request asks for it and somebody can. */
  picturesOf(request: IndexRequest): PictureReader | undefined
  /** Changes whenever a file that was skipped may be readable now. */
  versionOf(request: IndexRequest): string
  /** Throws ROOT_MISSING, ROOT_EMPTY and CANCELLED. */
  survey(request: IndexRequest, target: Target): Promise<Survey>
  /** What comes of each file that is to be read, in order, read ahead of its use. */
  read(request: IndexRequest, survey: Survey, pictures: PictureReader | undefined): AsyncIterable<ReadOutcome>
}

export function createFolderReader(dependencies: IndexerDependencies): FolderReader {
  const { store, embedder, extractFile, extractVersion, ownFiles, filesAhead, concurrency } = dependencies

  const picturesOf = ({ images = false }: IndexRequest) => (images ? dependencies.pictures : undefined)

  /** A run that looks at pictures reads what one that did not has skipped. */
  const versionOf = (request: IndexRequest) =>
    picturesOf(request) === undefined ? extractVersion : `${extractVersion}+pictures`

  const readOne = (
    request: IndexRequest,
    { target, known }: Survey,
    file: SourceFile,
    {
      prepareDocument,
      pictures,
    }: Pick<ReadOptions, 'prepareDocument'> & { pictures: PictureReader | undefined },
  ): Promise<ReadOutcome> =>
    readDocument(file, {
      root: target.root,
      collection: target.collection,
      known: known.get(file.uri),
      force: request.force ?? false,
      prepareDocument,
      extractFile,
      onWait: (wait) => request.onProgress?.({ type: 'waiting', ...wait }),
      ...(pictures === undefined ? {} : { pictures }),
      ...signalOf(request),
    })

  return {
    picturesOf,
    versionOf,
    survey: (request, target) =>
      surveyFolder(
        target,
        { ...request, seesPictures: picturesOf(request) !== undefined },
        { store, extractVersion: versionOf(request), ownFiles },
      ),
    read(request, survey, pictures) {
      // A model takes seconds for a picture: several are asked for at once.
      const ahead = pictures === undefined ? filesAhead : Math.max(filesAhead, concurrency)
      const prepareDocument = createDocumentPreparer(embedder.identity)
      const options = { prepareDocument, pictures }
      return readAhead(survey.plan.toRead, ahead, (file) => readOne(request, survey, file, options))
    },
  }
}
