/** ISO 3166-1 codes of the countries one can send to, named in the reader's language. */

import type { Formats } from "../texts/index.ts";

const CODES =
  "AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MQ MR MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP NR NZ OM PA PE PF PG PH PK PL PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WS XK YE YT ZA ZM ZW";

export function countries(formats: Formats): { code: string; name: string }[] {
  return CODES.split(" ")
    .map((code) => ({ code, name: formats.country(code) }))
    .sort((a, b) => a.name.localeCompare(b.name, formats.language));
}

/** The country in the browser's own languages ("de-AT"), else the one where the currency is at home. */
export function likelyCountry(languages: readonly string[], currency: string): string {
  for (const tag of languages) {
    const region = new Intl.Locale(tag).region;
    if (region !== undefined && CODES.includes(region)) return region;
  }
  return { EUR: "DE", USD: "US", CNY: "CN", GBP: "GB", JPY: "JP" }[currency] ?? "US";
}
