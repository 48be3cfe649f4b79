/* How much there is to read, how long that takes, and how much of it a page holds. The generator reckons the same
   (core/screens.py); both are held to tests/cases/screens.json. */

const CJK = "\\u1100-\\u11ff\\u2e80-\\u2fdf\\u3005-\\u3007\\u3021-\\u3029\\u3041-\\u30ff\\u3105-\\u318e\\u31a0-\\u31bf"
  + "\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff\\uff66-\\uff9f\\u{20000}-\\u{3ffff}";
const LETTERS = `(?:(?![${CJK}])[\\p{L}\\p{N}])+`;

/** What is counted: a character of a script without spaces, or (its first group) a word of another. */
export const UNIT = new RegExp(`[${CJK}]|(${LETTERS}(?:['’.\\-]${LETTERS})*)`, "gu");

/** @returns {[number, number]} Chinese (or Japanese, Korean) characters, and words of other scripts */
export function counted(text) {
  let characters = 0, words = 0;
  for (const match of text.matchAll(UNIT)) match[1] === undefined ? characters++ : words++;
  return [characters, words];
}

/** How long a slide with `text` stays, in seconds. */
export function seconds(text, standard) {
  const [characters, words] = counted(text);
  const needed = 60 * (characters / standard.pace_characters + words / standard.pace_words);
  return Math.min(Math.max(needed, standard.least), standard.most);
}

/* ── sentences, and how many of them a page holds ── */

const ENDS = "。！？!?；;…";
const CLOSES = "”’\"')）\\]】》〉」』〕}";
const SPACE = "[ \\t\\n\\u00a0\\u3000]";
const SENTENCE = new RegExp(
  `.+?(?:[${ENDS}][${ENDS}${CLOSES}]*${SPACE}*|\\.[${CLOSES}]*(?:${SPACE}+|$)|\\n${SPACE}*|$)`, "gsu");
export const CLAUSE = new RegExp(`.+?(?:[，、：]${SPACE}*|[,:]${SPACE}+|$)`, "gsu");

/** `text` as its sentences, each with the space after it; together they are the text. */
export const sentences = (text) => text.match(SENTENCE) ?? [];

/** Whether a page holds both; in whole numbers, so that nothing is rounded at the limit. */
export const holds = ([characters, words], standard) =>
  characters * standard.words + words * standard.characters <= standard.characters * standard.words;

/** A sentence in pieces that a page holds: cut at commas, then between any words. */
export function cut(sentence, standard) {
  if (holds(counted(sentence), standard)) return [sentence];
  return (sentence.match(CLAUSE) ?? []).flatMap((clause) => hardCut(clause, standard));
}

function hardCut(clause, standard) {
  const pieces = [];
  let start = 0, characters = 0, words = 0;
  for (const match of clause.matchAll(UNIT)) {
    const word = match[1] === undefined ? 0 : 1;
    if (!holds([characters + 1 - word, words + word], standard)) {
      pieces.push(clause.slice(start, match.index));
      start = match.index;
      characters = words = 0;
    }
    characters += 1 - word;
    words += word;
  }
  return [...pieces, clause.slice(start)];
}

/**
 * Sentences on pages, as many on each as it holds.
 * @param {string[]} texts
 * @returns {string[][]}
 */
export function packed(texts, standard) {
  const pages = [];
  let load = [0, 0];
  for (const part of texts.flatMap((text) => cut(text, standard))) {
    const more = counted(part);
    const sum = [load[0] + more[0], load[1] + more[1]];
    const room = pages.length > 0 && holds(sum, standard);
    if (room) pages.at(-1).push(part);
    else pages.push([part]);
    load = room ? sum : more;
  }
  return pages;
}
