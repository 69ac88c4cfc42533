/** The part of pdf.js that parses; it announces itself to the other part as it is loaded. */
declare module 'pdfjs-dist/legacy/build/pdf.worker.mjs'
