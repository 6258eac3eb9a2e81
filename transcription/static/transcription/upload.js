// Sends files in pieces to a draft, a few at a time. A piece says at which offset it begins; the server says how much it has.
// Whatever breaks, the connection or the page, the same file goes on from there. Without this script the form sends whole files.

const AT_ONCE = 3;
const ANNOUNCED_AT_ONCE = 500;
const LONGEST_PAUSE = 30_000;

const form = document.getElementById("upload");
const section = document.getElementById("uploads");
const drop = form.querySelector("[data-drop]");
const input = document.getElementById("id_recordings");
const folder = form.querySelector("[data-folder]");
const chunkBytes = Number(form.dataset.chunkBytes);
const token = form.elements.csrfmiddlewaretoken.value;

form.querySelector("[data-drop-words]").hidden = false;
form.querySelector("[data-plain]").hidden = true;
folder.hidden = false;
folder.querySelector("button").addEventListener("click", () => folder.querySelector("input").click());
for (const chooser of [input, folder.querySelector("input")]) chooser.addEventListener("change", () => {
  const chosen = [...chooser.files].map((file) => ({ file, name: file.webkitRelativePath || file.name }));
  chooser.value = "";
  sendAll(chosen);
});
if (input.files.length) input.dispatchEvent(new Event("change")); // chosen before this script had arrived
form.addEventListener("submit", (event) => event.preventDefault());
for (const type of ["dragenter", "dragover"]) drop.addEventListener(type, (event) => { event.preventDefault(); drop.classList.add("over"); });
for (const type of ["dragleave", "drop"]) drop.addEventListener(type, (event) => { event.preventDefault(); drop.classList.remove("over"); });
drop.addEventListener("drop", async (event) => {
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean); // gone after this tick
  sendAll((await Promise.all(entries.map((entry) => filesIn(entry)))).flat());
});

for (const preset of document.querySelectorAll("[data-preset]")) preset.addEventListener("change", () => {
  const pattern = preset.form.elements.pattern;
  pattern.value = preset.value;
  pattern.dispatchEvent(new Event("input", { bubbles: true }));
});

// Every file was looked at, so the page has more to say. Not while somebody is choosing the files that are missing, nor
// while files are on their way: they load it again when they are here.
document.addEventListener("draft:looked-at", () => {
  if (section.hidden && !document.querySelector(".missing")) location.reload();
});

async function filesIn(entry) {
  if (entry.isFile) return [{ file: await new Promise((resolve, reject) => entry.file(resolve, reject)), name: entry.fullPath.slice(1) }];
  const reader = entry.createReader();
  const found = [];
  for (;;) { // a reader hands out a hundred entries at a time, then none
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!entries.length) return found;
    for (const one of entries) found.push(...await filesIn(one));
  }
}

async function sendAll(files) {
  if (!files.length) return;
  const rows = files.map(({ file, name }) => addRow(file, name));
  const state = { all: rows.length, arrived: 0, failed: 0 };
  section.hidden = false;
  drop.hidden = true;
  try {
    await openDraft();
    await announce(rows, state);
  } catch (error) {
    section.querySelector("[data-summary]").textContent = error.message;
    drop.hidden = false;
    return;
  }
  summarise(state);
  const waiting = rows.filter((row) => row.url);
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (waiting.length) await send(waiting.shift(), state);
  }));
  const after = section.querySelector("[data-after]");
  after.querySelector("a").href = form.dataset.page;
  if (state.failed) after.hidden = drop.hidden = false;
  else location.assign(form.dataset.page);
}

async function openDraft() {
  if (form.dataset.page) return;
  const { page, files } = await ask(form.dataset.new, "");
  form.dataset.page = page;
  form.dataset.files = files;
  history.replaceState(null, "", page); // a reload shows what has arrived
}

async function announce(rows, state) {
  for (let at = 0; at < rows.length; at += ANNOUNCED_AT_ONCE) {
    const some = rows.slice(at, at + ANNOUNCED_AT_ONCE);
    const said = some.map(({ file, name }) => ({ name, size: file.size, modified: file.lastModified }));
    const { files } = await ask(form.dataset.files, JSON.stringify(said));
    files.forEach((answer, index) => {
      const row = some[index];
      if (!answer) { state.all -= 1; row.line.remove(); } // a hidden file that nobody meant
      else if (answer.error) fail(row, answer.error, state);
      else if (answer.offset === row.file.size) finish(row, state);
      else Object.assign(row, answer);
    });
  }
}

async function ask(url, body) {
  const headers = { "X-CSRFToken": token, Accept: "application/json", "Content-Type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body }).catch(() => { throw new Error(gettext("The connection was lost. Choose the files again.")); });
  if (response.redirected) throw new Error(gettext("You are not logged in any more. Log in and choose the same files again."));
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? interpolate(gettext("The server answered %s. Choose the files again."), [response.status]));
  return answer;
}

async function send(row, state) {
  let pause = 1000;
  setState(row, "processing", gettext("arriving"));
  while (row.offset < row.file.size) {
    const answer = await patch(row);
    if (answer.status === 204 || answer.status === 409) {
      row.offset = answer.offset;
      pause = 1000;
      setState(row, "processing", gettext("arriving"));
    } else if (answer.status >= 400 && answer.status < 500) {
      return fail(row, answer.text || interpolate(gettext("The server answered %s. Reload the page and choose the file again."), [answer.status]), state);
    } else {
      setState(row, "", answer.text || "waiting for the connection");
      await new Promise((resolve) => setTimeout(resolve, pause));
      pause = Math.min(2 * pause, LONGEST_PAUSE);
      row.offset = await offsetOf(row);
    }
    row.bar.value = row.offset / row.file.size;
  }
  finish(row, state);
}

function patch(row) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const end = Math.min(row.offset + chunkBytes, row.file.size);
    request.upload.addEventListener("progress", (event) => { row.bar.value = (row.offset + event.loaded) / row.file.size; });
    request.addEventListener("error", () => resolve({ status: 0 }));
    request.addEventListener("load", () => resolve({
      status: request.status,
      offset: Number(request.getResponseHeader("Upload-Offset")),
      text: request.getResponseHeader("Content-Type")?.startsWith("text/plain") ? request.responseText : "",
    }));
    request.open("PATCH", row.url);
    request.setRequestHeader("X-CSRFToken", token);
    request.setRequestHeader("Upload-Offset", row.offset);
    request.setRequestHeader("Content-Type", "application/offset+octet-stream");
    request.send(row.file.slice(row.offset, end));
  });
}

async function offsetOf(row) {
  const response = await fetch(row.url, { method: "HEAD" }).catch(() => null);
  return response?.ok ? Number(response.headers.get("Upload-Offset")) : row.offset;
}

function finish(row, state) {
  row.bar.value = 1;
  setState(row, "done", gettext("arrived"));
  state.arrived += 1;
  summarise(state);
}

function fail(row, words, state) {
  row.bar.hidden = true;
  setState(row, "failed", gettext("refused"));
  const note = document.createElement("p");
  note.className = "note";
  note.textContent = words;
  row.state.parentElement.append(note);
  state.failed += 1;
  summarise(state);
}

function summarise({ all, arrived, failed }) {
  const words = [interpolate(gettext("%s of %s arrived"), [arrived, all])];
  if (failed) words.push(interpolate(gettext("%s refused"), [failed]));
  section.querySelector("[data-summary]").textContent = words.join(" · ");
}

function addRow(file, name) {
  const line = section.querySelector("tbody").insertRow();
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  const state = document.createElement("span");
  bar.setAttribute("aria-label", interpolate(gettext("Share of %s that has arrived"), [name]));
  line.insertCell().textContent = name;
  line.cells[0].className = "name";
  line.insertCell().textContent = size(file.size);
  line.cells[1].className = "number";
  line.insertCell().append(state);
  line.insertCell().append(bar);
  const row = { file, name, line, bar, state };
  setState(row, "", gettext("waiting"));
  return row;
}

function setState(row, kind, words) {
  row.state.className = `status ${kind}`;
  row.state.textContent = words;
}

function size(bytes) {
  const [value, unit, digits] = bytes < 1e6 ? [Math.max(1, bytes / 1e3), "kB", 0] : [bytes / 1e6, "MB", 1];
  return `${value.toLocaleString(document.documentElement.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`;
}
