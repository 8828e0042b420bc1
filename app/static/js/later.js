// Stores check-ins and attendance lists on this device until there is a connection. The outbox sends them.

import { LISTS, POSTS, store } from "./outbox.js";

/** Keep the attendance list of the page of a session, by alias, for that page without a connection; one list at most. */
export function keepList(page, list) {
  store.keys(LISTS).forEach(store.remove);
  return store.set(LISTS + page, JSON.stringify({ ...list, at: Date.now() }));
}

/** Return the attendance list of a page, or null. */
export function readList(page) {
  return store.get(LISTS + page) ? store.read(LISTS + page) : null;
}

/** Keep a check-in or an attendance list {key, url, body}; the server counts a key once. Return whether the device stored it. */
export function keepPost(post) {
  return store.set(POSTS + post.key, JSON.stringify({ ...post, at: Date.now() }));
}
