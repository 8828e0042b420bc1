// A page of a SCORM 1.2 package in a learning platform: status, score, answers and time by the API of the platform.
// It looks for: body[data-sco] (lesson, or test with data-mastery); a button [data-done]; [role=status] with its texts;
// fieldsets [data-question] with data-kind, data-key (JSON) and data-unit, each with a [data-result].
"use strict";

(() => {
  const MOST_FRAMES = 10; // frames around the page, and around the window that opened it
  const MOST_SIGNS = 4096; // of cmi.suspend_data in SCORM 1.2
  const body = document.body;
  const isTest = body.dataset.sco === "test";
  const button = document.querySelector("[data-done]");
  const status = document.querySelector("[role=status]");
  const questions = [...document.querySelectorAll("[data-question]")];
  const opened = Date.now();

  function apiOf(frame) {
    try {
      return frame.API || null;
    } catch {
      return null; // a frame of another site
    }
  }

  function search(start) {
    let frame = start;
    for (let step = 0; frame && step < MOST_FRAMES; step += 1) {
      const api = apiOf(frame);
      if (api) return api;
      if (frame.parent === frame) return null;
      frame = frame.parent;
    }
    return null;
  }

  function topOpener() {
    try {
      return window.top.opener;
    } catch {
      return null;
    }
  }

  const api = search(window.parent) || search(window.opener) || search(topOpener());
  let isConnected = !!api && String(api.LMSInitialize("")) === "true";
  const read = (name) => (isConnected ? String(api.LMSGetValue(name)) : "");
  const write = (name, value) => isConnected && api.LMSSetValue(name, String(value));
  const commit = () => isConnected && api.LMSCommit("");
  const say = (name, score = "") => {
    status.textContent = (status.dataset[name] || "").replace("{score}", score);
  };

  function duration() {
    const seconds = Math.floor((Date.now() - opened) / 1000);
    const parts = [seconds / 3600, (seconds / 60) % 60, seconds % 60];
    return parts.map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
  }

  function finish() {
    if (!isConnected) return;
    write("cmi.core.session_time", duration());
    write("cmi.core.exit", button.disabled ? "" : "suspend");
    commit();
    api.LMSFinish("");
    isConnected = false;
  }

  // Answers: positions joined by ".", entries in the order that the user chose, or the typed number.

  function answerOf(question) {
    const { kind } = question.dataset;
    if (kind === "number") return question.querySelector("input").value.trim();
    if (kind === "order") {
      const chosen = [...question.querySelectorAll("select")].filter((select) => select.value);
      return chosen.sort((a, b) => a.value - b.value).map((select) => select.dataset.entry).join(".");
    }
    return [...question.querySelectorAll("input:checked")].map((input) => input.value).join(".");
  }

  function fill(question, answer) {
    const { kind } = question.dataset;
    const positions = answer.split(".");
    if (kind === "number") question.querySelector("input").value = answer;
    for (const select of question.querySelectorAll("select")) {
      const rank = positions.indexOf(select.dataset.entry) + 1;
      select.value = rank ? String(rank) : "";
    }
    for (const input of question.querySelectorAll("input[value]")) input.checked = positions.includes(input.value);
  }

  // Scores from 0 to 1, by the rules of app/quizzes/domain/grading.py.

  const clipped = (score) => Math.min(1, Math.max(0, score));
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

  function several(scores, chosen) {
    const full = sum(scores.filter((score) => score > 0));
    if (!full) return 0;
    const deduction = 1 / Math.max(1, scores.filter((score) => score <= 0).length);
    const earned = sum(chosen.map((index) => Math.max(0, scores[index]))) / full;
    const lost = sum(chosen.map((index) => (scores[index] > 0 ? 0 : -scores[index] || deduction)));
    return clipped(earned - lost);
  }

  function order(count, chosen) {
    const before = new Map(chosen.map((entry, index) => [entry, index ? chosen[index - 1] : -1]));
    const right = [...Array(count).keys()].filter((entry) => before.get(entry) === entry - 1);
    return right.length / count;
  }

  // Digits of Arabic scripts, and point or comma as the decimal sign: "1,234" can be 1.234 and 1234.
  function numbers(text) {
    const digits = text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (sign) => String(sign.charCodeAt(0) & 15));
    const plain = digits.replace(/\u066b/g, ".").replace(/[\u2010-\u2013\u2212]/g, "-").replace(/[\s'\u2019\u066c]/g, "");
    const whole = (sign) => new RegExp(`^[+-]?[1-9]\\d{0,2}(\\${sign}\\d{3})+(?!\\d|\\${sign})`);
    const spelt = [[",", "."], [".", ","]].map(([group, point]) =>
      (whole(group).test(plain) ? plain.split(group).join("") : plain).replace(point, "."),
    );
    return spelt.filter((spelling) => /^[+-]?(\d+(\.\d+)?|\.\d+)$/.test(spelling)).map(Number);
  }

  function number(accepted, text, unit) {
    const typed = unit && text.endsWith(unit) ? text.slice(0, -unit.length) : text;
    const isWithin = ([value, tolerance]) => numbers(typed).some((one) => Math.abs(one - value) <= Number(tolerance) + 1e-9);
    return clipped(Math.max(0, ...accepted.filter(isWithin).map(([, , score]) => score)));
  }

  function scoreOf(question) {
    const answer = answerOf(question);
    if (!answer) return 0;
    const key = JSON.parse(question.dataset.key);
    if (question.dataset.kind === "number") return number(key, answer, question.dataset.unit);
    const chosen = answer.split(".").map(Number);
    if (question.dataset.kind === "order") return order(key, chosen);
    return question.dataset.kind === "several" ? several(key, chosen) : clipped(key[chosen[0]]);
  }

  function save(done) {
    const answers = questions.map((question) => [question.dataset.question, answerOf(question)]);
    const data = JSON.stringify({ done, answers: Object.fromEntries(answers.filter(([, answer]) => answer)) });
    if (data.length <= MOST_SIGNS) write("cmi.suspend_data", data);
  }

  function restore() {
    let saved = {};
    try {
      saved = JSON.parse(read("cmi.suspend_data")) || {};
    } catch {
      return false; // nothing was saved yet
    }
    for (const question of questions) fill(question, String((saved.answers || {})[question.dataset.question] || ""));
    return saved.done === true;
  }

  function show() {
    const scores = questions.map(scoreOf);
    questions.forEach((question, index) => {
      const result = question.querySelector("[data-result]");
      const name = scores[index] === 1 ? "right" : scores[index] > 0 ? "partly" : "notRight";
      result.textContent = status.dataset[name];
      for (const part of question.querySelectorAll("[data-result], [data-general]")) part.hidden = false;
      question.disabled = true;
    });
    const score = Math.floor((sum(scores) / scores.length) * 10000 + 1e-6) / 100;
    const isPassed = score >= Number(body.dataset.mastery);
    say(isPassed ? "passed" : "failed", score);
    button.disabled = true;
    return { score, isPassed };
  }

  function handIn() {
    save(true);
    const { score, isPassed } = show();
    write("cmi.core.score.min", 0);
    write("cmi.core.score.max", 100);
    write("cmi.core.score.raw", score);
    write("cmi.core.lesson_status", isPassed ? "passed" : "failed");
    commit();
  }

  function complete() {
    button.disabled = true;
    write("cmi.core.lesson_status", "completed");
    commit();
    if (isConnected) say("completed");
  }

  if (!isConnected) say("unconnected");
  if (["", "not attempted", "unknown"].includes(read("cmi.core.lesson_status"))) {
    write("cmi.core.lesson_status", "incomplete");
    commit();
  }
  if (isTest) {
    if (restore()) show();
    document.addEventListener("change", () => {
      save(false);
      commit();
    });
    button.addEventListener("click", handIn);
  } else {
    button.addEventListener("click", complete);
  }
  addEventListener("pagehide", finish);
  addEventListener("pageshow", (event) => event.persisted && location.reload()); // the session with the platform ended
})();
