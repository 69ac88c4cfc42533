/** Changes whenever a file that was skipped may be readable by now: skipped files are then looked at again. */
export const extractVersion = 'formats/2'
