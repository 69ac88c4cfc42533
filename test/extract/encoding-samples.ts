/** One paragraph per legacy encoding, written for these tests. */
export const encodingSamples: readonly { readonly encoding: string; readonly text: string }[] = [
  {
    encoding: 'windows-1252',
    text: 'Die Prüfung der Geräte findet jährlich im März statt. Über größere Schäden – auch über mögliche Folgekosten – müssen wir natürlich gesondert sprechen; die Gebühr beträgt 40 € pro Stück.',
  },
  {
    encoding: 'windows-1252',
    text: 'El año pasado la compañía española amplió su producción. ¿Cuándo volverán los técnicos? Según el informe, la reparación del tejado costó más de lo previsto, aunque todavía no está claro quién pagará.',
  },
  {
    encoding: 'windows-1252',
    text: 'L’été dernier, la bibliothèque a été rénovée : les élèves peuvent désormais étudier à l’étage, où les fenêtres donnent sur la forêt. Ça n’a coûté que très peu, grâce à l’aide des bénévoles.',
  },
  {
    encoding: 'windows-1250',
    text: 'Każdy pracownik otrzymuje dwadzieścia sześć dni urlopu rocznie. Wniosek należy złożyć najpóźniej tydzień wcześniej, a niewykorzystane dni przechodzą na następny rok. Źródło ciepła znajduje się w piwnicy.',
  },
  {
    encoding: 'windows-1250',
    text: 'Příliš žluťoučký kůň úpěl ďábelské ódy. Každý zaměstnanec může požádat o dovolenou, jestliže ji oznámí nejméně čtrnáct dní předem; žádost schvaluje vedoucí oddělení.',
  },
  {
    encoding: 'iso-8859-2',
    text: 'Każdy pracownik otrzymuje dwadzieścia sześć dni urlopu rocznie. Wniosek należy złożyć najpóźniej tydzień wcześniej, a niewykorzystane dni przechodzą na następny rok. Źródło ciepła znajduje się w piwnicy.',
  },
  {
    encoding: 'windows-1251',
    text: 'Каждый сотрудник имеет право на двадцать восемь дней отпуска. Заявление следует подать не позднее чем за две недели; неиспользованные дни сгорают в конце марта. Подробности — у начальника отдела.',
  },
  {
    encoding: 'koi8-r',
    text: 'Каждый сотрудник имеет право на двадцать восемь дней отпуска. Заявление следует подать не позднее чем за две недели; неиспользованные дни сгорают в конце марта. Подробности у начальника отдела.',
  },
  {
    encoding: 'windows-1253',
    text: 'Κάθε εργαζόμενος δικαιούται είκοσι οκτώ ημέρες άδειας τον χρόνο. Η αίτηση πρέπει να υποβληθεί δύο εβδομάδες νωρίτερα. Ήταν ένα πολύ ζεστό καλοκαίρι στην Αθήνα και όλοι έφυγαν για τα νησιά.',
  },
  {
    encoding: 'windows-1254',
    text: 'Her çalışanın yılda yirmi sekiz gün izin hakkı vardır. Başvurunun en geç iki hafta önce yapılması gerekir; kullanılmayan günler mart sonunda silinir. Şubat ayında ısıtma sistemi değiştirilecek ve bütün çalışanlar için ücretsiz öğle yemeği verilecek.',
  },
  {
    encoding: 'windows-1255',
    text: 'כל עובד זכאי לעשרים ושמונה ימי חופשה בשנה. יש להגיש את הבקשה לפחות שבועיים מראש, והימים שלא נוצלו נמחקים בסוף חודש מרץ. המנהל של המחלקה מאשר את הבקשה.',
  },
  {
    encoding: 'windows-1256',
    text: 'يحق لكل موظف الحصول على ثمانية وعشرين يوما من الإجازة في السنة. يجب تقديم الطلب قبل أسبوعين على الأقل، وتسقط الأيام غير المستخدمة في نهاية شهر مارس من كل عام.',
  },
  {
    encoding: 'shift_jis',
    text: '従業員は一年に二十八日の休暇を取ることができます。申請は二週間前までに提出してください。使わなかった休暇は三月の終わりに消えます。詳しいことは部長に聞いてください。',
  },
  {
    encoding: 'euc-jp',
    text: '従業員は一年に二十八日の休暇を取ることができます。申請は二週間前までに提出してください。使わなかった休暇は三月の終わりに消えます。詳しいことは部長に聞いてください。',
  },
  {
    encoding: 'euc-kr',
    text: '모든 직원은 일 년에 이십팔 일의 휴가를 쓸 수 있습니다. 신청은 적어도 두 주일 전에 해야 하며, 쓰지 않은 휴가는 삼월 말에 없어집니다. 자세한 내용은 부장에게 물어보십시오.',
  },
  {
    encoding: 'big5',
    text: '每位員工每年有二十八天的假期。申請必須在兩個星期以前提出，沒有使用的假期會在三月底失效。如果有問題，請和部門的經理聯絡，他們會告訴你應該怎麼做。',
  },
  {
    encoding: 'gb18030',
    text: '每位员工每年有二十八天的假期。申请必须在两个星期以前提出，没有使用的假期会在三月底失效。如果有问题，请和部门的经理联系，他们会告诉你应该怎么做。',
  },
]
