declare module 'stopword' {
  const eng: string[]
  const deu: string[]
  const spa: string[]
  const fra: string[]
  const ita: string[]
  const por: string[]
  const nld: string[]
  const swe: string[]
  const dan: string[]
  const nob: string[]
  const fin: string[]
  const pol: string[]
  const ces: string[]
  const tur: string[]
  const rus: string[]
  const ukr: string[]
  const ell: string[]
  const ara: string[]
  const heb: string[]
  const hin: string[]
  const vie: string[]
  const tha: string[]
  const zho: string[]
  const jpn: string[]

  export {
    ara,
    ces,
    dan,
    deu,
    ell,
    eng,
    fin,
    fra,
    heb,
    hin,
    ita,
    jpn,
    nld,
    nob,
    pol,
    por,
    rus,
    spa,
    swe,
    tha,
    tur,
    ukr,
    vie,
    zho,
  }
}
