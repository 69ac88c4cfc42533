const WORDS =
  'least most per every each go goes get gets got make makes made may might must remain remains amount amounts ' +
  'currently still also only just about approximately around according altogether total up one own someone somebody something anyone anybody anything everyone everybody everything thing things ' +
  'its yet already ever even really hasn haven hadn mustn needn mightn ain ' +
  'betragt betragen bleibt bleiben lautet liegt liegen gibt weiterhin derzeit etwa rund circa pro jede jeder jedes jeden ' +
  'asciende permanece sigue aproximadamente cada segun actualmente ' +
  'environ chaque reste selon actuellement'

/**
 * Words that add hardly anything to what a sentence says, beside function words: bare verbs of being and having, shares,
 * degrees. Folded (`foldWord`), English, German, Spanish and French.
 */
export const LIGHT_WORDS: ReadonlySet<string> = new Set(WORDS.split(' '))
