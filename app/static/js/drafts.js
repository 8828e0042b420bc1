// Unsaved texts of authors, on this device under the address of their page.
import { DRAFTS, store } from "./outbox.js";

/** Keep the unsaved text of an editor {title, body, opened} under the address of its page. */
export function keepDraft(page, text) {
  return store.set(DRAFTS + page, JSON.stringify({ ...text, at: Date.now() }));
}

/** Return the unsaved text of an editor, or null. */
export function readDraft(page) {
  return store.get(DRAFTS + page) ? store.read(DRAFTS + page) : null;
}

/** Forget the text of an editor: the server has it. */
export function dropDraft(page) {
  store.remove(DRAFTS + page);
}
