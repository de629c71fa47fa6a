import type { SeedCulture } from "@tidings/db/seed/seed-plan";

/** Names as they come: long ones, in other scripts, from right to left, and with an emoji where people put them. */
export const seedCultures: readonly SeedCulture[] = [
  {
    locale: "en",
    timeZone: "America/New_York",
    countryCode: "+1",
    firstNames: [
      ["Ann", "ann"],
      ["James", "james"],
      ["Olivia ✨", "olivia"],
      ["Siobhán", "siobhan"],
      ["Maximilian-Alexander", "max"],
    ],
    lastNames: [
      ["Walker", "walker"],
      ["O'Brien", "obrien"],
      ["Wolfeschlegelsteinhausenbergerdorff", "wolfe"],
      ["Lee", "lee"],
    ],
  },
  {
    locale: "pt-BR",
    timeZone: "America/Sao_Paulo",
    countryCode: "+55",
    firstNames: [
      ["João", "joao"],
      ["Conceição", "conceicao"],
      ["Ana Beatriz", "anabeatriz"],
    ],
    lastNames: [
      ["da Silva Santos", "silva"],
      ["Magalhães", "magalhaes"],
      ["Orleans e Bragança", "orleans"],
    ],
  },
  {
    locale: "de",
    timeZone: "Europe/Berlin",
    countryCode: "+49",
    firstNames: [
      ["Jürgen", "juergen"],
      ["Käthe", "kaethe"],
      ["Karl-Theodor Maria Nikolaus", "karl"],
    ],
    lastNames: [
      ["Müller-Lüdenscheidt", "mueller"],
      ["Groß", "gross"],
    ],
  },
  {
    locale: "ar",
    timeZone: "Asia/Riyadh",
    countryCode: "+966",
    firstNames: [
      ["محمد", "mohammed"],
      ["فاطمة الزهراء", "fatima"],
      ["عبد الرحمن", "abdulrahman"],
    ],
    lastNames: [
      ["الأنصاري", "alansari"],
      ["بن سلمان", "binsalman"],
    ],
  },
  {
    locale: "he",
    timeZone: "Asia/Jerusalem",
    countryCode: "+972",
    firstNames: [
      ["נועה", "noa"],
      ["יוסף", "yosef"],
    ],
    lastNames: [
      ["כהן", "cohen"],
      ["בן־גוריון", "bengurion"],
    ],
  },
  {
    locale: "ja",
    timeZone: "Asia/Tokyo",
    countryCode: "+81",
    firstNames: [
      ["さくら 🌸", "sakura"],
      ["健太郎", "kentaro"],
    ],
    lastNames: [
      ["佐藤", "sato"],
      ["長谷川", "hasegawa"],
    ],
  },
];
