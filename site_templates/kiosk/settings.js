/* What the page knows of its screen: the JSON that the generator wrote into it. */

/**
 * @typedef {object} Settings
 * @property {string} board      the board's id
 * @property {string} id         the screen's id
 * @property {string[]} languages in their order
 * @property {boolean} together  languages side by side, else in turn
 * @property {number|null} pages  so many of a notice that is not urgent, in each language; null: all
 * @property {string|null} heartbeat
 * @property {object|null} desk  whom to call, by language
 * @property {object|null} duty  and who is there at all hours
 * @property {boolean} preview   its time runs on from when the page was made, and nothing outlasts the page
 * @property {URL} root          the site's root
 * @property {string} version    of the page's modules
 * @property {number} made       when the page was made, in ms
 * @property {string} zone       the board's IANA time zone
 * @property {object} standard   the standard's numbers for screens; lengths of time in seconds
 */

/** @returns {Settings} */
export function readSettings(document) {
  const settings = JSON.parse(document.getElementById("screen").textContent);
  return { ...settings, made: 1000 * settings.made, root: new URL(settings.root, document.baseURI) };
}
