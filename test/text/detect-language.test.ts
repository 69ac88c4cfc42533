import { describe, expect, test } from 'vitest'
import { detectLanguage } from '../../src/text/detect-language.js'

describe('detectLanguage', () => {
  test.each([
    ['The walrus sleeps on the ice, and it does not wake before the gate is open.', 'en'],
    ['Das Walross schläft auf dem Eis und es wacht nicht auf, bevor das Tor offen ist.', 'de'],
    ['El comité se reúne en la sala y no se permite la entrada de los perros.', 'es'],
    ['Le morse dort sur la glace et il ne se réveille pas avant que la porte soit ouverte.', 'fr'],
    ['Морж спит на льду, и он не просыпается, пока ворота не открыты.', 'ru'],
    ['Ο θαλάσσιος ίππος κοιμάται στον πάγο.', 'el'],
    ['ينام الفظ على الجليد.', 'ar'],
    ['वालरस बर्फ पर सोता है।', 'hi'],
  ])('%s', (text, language) => {
    expect(detectLanguage(text)).toBe(language)
  })

  test('falls back where a text has too few words to tell', () => {
    expect(detectLanguage('walrus 42')).toBe('en')
    expect(detectLanguage('Walross 42', 'de')).toBe('de')
    expect(detectLanguage('', 'de')).toBe('de')
  })
})
