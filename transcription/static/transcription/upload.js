// Sends the chosen files one request each, a few at a time, so that every file has a progress bar and an answer of its own.
// Without this script the form sends all files at once.

const AT_ONCE = 2;

const form = document.getElementById("upload");
const section = document.getElementById("uploads");
const input = form.elements.recordings;
const drop = form.querySelector("[data-drop]");

form.querySelector("[data-drop-words]").hidden = false;
for (const type of ["dragenter", "dragover"]) drop.addEventListener(type, (event) => { event.preventDefault(); drop.classList.add("over"); });
for (const type of ["dragleave", "drop"]) drop.addEventListener(type, (event) => { event.preventDefault(); drop.classList.remove("over"); });
drop.addEventListener("drop", (event) => { input.files = event.dataTransfer.files; });

form.addEventListener("submit", (event) => {
  event.preventDefault();
  sendAll([...input.files]);
});

async function sendAll(files) {
  const button = form.querySelector("button");
  const upload = { batch: form.elements.batch.value, rows: null, counts: { accepted: 0, duplicate: 0, error: 0 } };
  const waiting = files.map((file) => ({ file, row: addRow(file) }));
  const leave = (event) => event.preventDefault();
  button.disabled = true;
  section.hidden = false;
  addEventListener("beforeunload", leave);
  summarise(upload, waiting.length);
  // One file alone until there is a batch to add the others to; a duplicate or an error makes none.
  while (waiting.length && !upload.batch) await send(waiting.shift(), upload, waiting);
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (waiting.length) await send(waiting.shift(), upload, waiting);
  }));
  removeEventListener("beforeunload", leave);
  summarise(upload, 0);
  input.value = "";
  button.disabled = false;
}

async function send({ file, row }, upload, waiting) {
  const data = new FormData(form);
  data.set("recordings", file);
  data.set("batch", upload.batch);
  setState(row, "processing", "sending");
  const answer = await post(data, (share) => {
    row.bar.value = share;
    if (share === 1) setState(row, "processing", "checking");
  });
  show(row, answer, upload);
  summarise(upload, waiting.length);
}

function post(data, onProgress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const failed = (words) => resolve({ results: [{ state: "error", message: words }] });
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) onProgress(event.loaded / event.total); });
    request.addEventListener("error", () => failed("The connection was lost. Nothing of this file was kept; upload it again."));
    request.addEventListener("load", () => {
      if (request.status === 200 && request.responseType === "json" && request.response) return resolve(request.response);
      const errors = request.response?.errors;
      if (errors) return failed(Object.values(errors).flat().join(" "));
      if (request.status === 413) return failed("The file is larger than this server accepts.");
      return failed(`The server answered ${request.status}. Nothing of this file was kept.`);
    });
    request.responseType = "json";
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.send(data);
  });
}

function show(row, answer, upload) {
  const [result] = answer.results;
  upload.counts[result.state] += 1;
  upload.batch ||= answer.batch?.id ?? "";
  if (answer.batch) {
    const link = section.querySelector("[data-batch]");
    link.href = answer.batch.url;
    link.hidden = link.parentElement.hidden = false;
  }
  if (answer.rows_without_file) {
    const rows = new Set(answer.rows_without_file);
    upload.rows = upload.rows ? upload.rows.filter((number) => rows.has(number)) : [...rows];
  }
  row.bar.hidden = true;
  setState(row, { accepted: "done", error: "failed" }[result.state] ?? "", result.state);
  if (!result.message) return;
  const words = document.createElement(result.url ? "a" : "p");
  words.className = "note";
  words.textContent = result.message;
  if (result.url) words.href = result.url;
  row.state.parentElement.append(document.createElement("br"), words);
}

function summarise({ counts, rows }, waiting) {
  const words = [`${counts.accepted} accepted`];
  if (counts.duplicate) words.push(`${counts.duplicate} received before`);
  if (counts.error) words.push(`${counts.error} not accepted`);
  if (waiting) words.push(`${waiting} to go`);
  else if (rows?.length) words.push(`manifest rows without a file: ${rows.join(", ")}`);
  section.querySelector("[data-summary]").textContent = words.join(" · ");
}

function addRow(file) {
  const line = section.querySelector("tbody").insertRow();
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  const state = document.createElement("span");
  bar.setAttribute("aria-label", `Share of ${file.name} that is sent`);
  line.insertCell().textContent = file.name;
  line.insertCell().textContent = size(file.size);
  line.cells[1].className = "number";
  line.insertCell().append(state);
  line.insertCell().append(bar);
  const row = { bar, state };
  setState(row, "", "waiting");
  return row;
}

function setState(row, kind, words) {
  row.state.className = `status ${kind}`;
  row.state.textContent = words;
}

function size(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
