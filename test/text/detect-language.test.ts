import { describe, expect, test } from 'vitest'
import { detectLanguage, tellLanguage } from '../../src/text/detect-language.js'

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

describe('tellLanguage', () => {
  test.each([
    ['en', 'The hut is closed in winter because the path is covered with snow.'],
    ['de', 'Die Hütte ist im Winter geschlossen, weil der Weg verschneit ist.'],
    ['fr', 'Le refuge est fermé en hiver parce que le chemin est couvert de neige.'],
    ['es', 'El refugio está cerrado en invierno porque el camino está cubierto de nieve.'],
    ['it', 'Il rifugio è chiuso in inverno perché il sentiero è coperto di neve.'],
    ['ru', 'Зимой хижина закрыта, потому что тропа покрыта снегом и её не видно.'],
    ['ar', 'الكوخ مغلق في الشتاء لأن الطريق مغطى بالثلوج ولا يمكن الوصول إليه.'],
    ['ja', '冬は道が雪に覆われるため、山小屋は閉鎖されます。'],
    ['ja', 'React の useEffect は component の render の後に実行されます。setState も同じです。'],
    ['zh', '冬天因为小路被雪覆盖，山间小屋关闭。请在春天再来参观我们的小屋。'],
    ['ko', '겨울에는 길이 눈으로 덮여 있어 산장이 문을 닫습니다.'],
    ['th', 'กระท่อมปิดในฤดูหนาวเพราะทางเดินปกคลุมไปด้วยหิมะ'],
    ['el', 'Το καταφύγιο είναι κλειστό τον χειμώνα επειδή το μονοπάτι είναι χιονισμένο.'],
  ])('%s', (language, text) => {
    expect(tellLanguage(text)).toBe(language)
  })

  test.each(['', 'OK', '12 345 678 901', '... --- ...', 'const x = y + z'])(
    'cannot be told of %j',
    (text) => {
      expect(tellLanguage(text)).toBeUndefined()
    },
  )
})
