import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detectLanguage } from '../../src/text/detect-language.js'

describe('the language of a text', () => {
  test.each([
    ['en', 'The hut is closed in winter because the path is covered with snow.'],
    ['de', 'Die Hütte ist im Winter geschlossen, weil der Weg verschneit ist.'],
    ['fr', 'Le refuge est fermé en hiver parce que le chemin est couvert de neige.'],
    ['es', 'El refugio está cerrado en invierno porque el camino está cubierto de nieve.'],
    ['it', 'Il rifugio è chiuso in inverno perché il sentiero è coperto di neve.'],
    [
      'ru',
      'Зимой хижина закрыта, потому что тропа покрыта снегом и её не видно. Весной она снова откроется для всех.',
    ],
    ['uk', 'Взимку хатина зачинена, тому що стежка вкрита снігом і її не видно.'],
    ['ar', 'الكوخ مغلق في الشتاء لأن الطريق مغطى بالثلوج ولا يمكن الوصول إليه.'],
    ['ja', '冬は道が雪に覆われるため、山小屋は閉鎖されます。'],
    ['zh', '冬天因为小路被雪覆盖，山间小屋关闭。请在春天再来参观我们的小屋。'],
    ['ko', '겨울에는 길이 눈으로 덮여 있어 산장이 문을 닫습니다.'],
    ['th', 'กระท่อมปิดในฤดูหนาวเพราะทางเดินปกคลุมไปด้วยหิมะ'],
    ['el', 'Το καταφύγιο είναι κλειστό τον χειμώνα επειδή το μονοπάτι είναι χιονισμένο.'],
    ['vi', 'Túp lều đóng cửa vào mùa đông vì con đường bị tuyết bao phủ hoàn toàn.'],
  ])('%s', (language, text) => {
    expect(detectLanguage(text)).toBe(language)
  })

  test('of a text with English words among others is that of the others', () => {
    expect(
      detectLanguage('React の useEffect は component の render の後に実行されます。setState も同じです。'),
    ).toBe('ja')
  })

  test.each(['', 'OK', '12 345 678 901 234 567 890 123', '... --- ...'])('cannot be told of %j', (text) => {
    expect(detectLanguage(text)).toBeUndefined()
  })

  test('is a code of two letters or undefined, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        expect(detectLanguage(text) ?? 'en').toMatch(/^[a-z]{2}$/)
      }),
    )
  })
})
