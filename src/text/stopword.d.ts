declare module 'stopword' {
  const ara: string[]
  const ces: string[]
  const dan: string[]
  const deu: string[]
  const ell: string[]
  const eng: string[]
  const fas: string[]
  const fin: string[]
  const fra: string[]
  const gle: string[]
  const heb: string[]
  const hin: string[]
  const hun: string[]
  const hye: string[]
  const ind: string[]
  const ita: string[]
  const jpn: string[]
  const lit: string[]
  const nld: string[]
  const nob: string[]
  const pol: string[]
  const por: string[]
  const ron: string[]
  const rus: string[]
  const spa: string[]
  const swe: string[]
  const tha: string[]
  const tur: string[]
  const ukr: string[]
  const urd: string[]
  const vie: string[]
  const zho: string[]

  export {
    ara,
    ces,
    dan,
    deu,
    ell,
    eng,
    fas,
    fin,
    fra,
    gle,
    heb,
    hin,
    hun,
    hye,
    ind,
    ita,
    jpn,
    lit,
    nld,
    nob,
    pol,
    por,
    ron,
    rus,
    spa,
    swe,
    tha,
    tur,
    ukr,
    urd,
    vie,
    zho,
  }
}
