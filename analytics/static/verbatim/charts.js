// Draws each [data-chart] from its JSON specification. Vega is loaded only on pages that have one.
// `ast` makes Vega interpret expressions instead of compiling them, so no unsafe-eval is needed; default styles
// are off because a strict policy allows no style elements (parts.css has its own).
// Vega measures words before it writes them and cannot measure an inherited font.
const config = { font: getComputedStyle(document.body).fontFamily };
const options = {
  config,
  actions: false,
  ast: true,
  renderer: "svg",
  defaultStyle: false,
  tooltip: { disableDefaultStyle: true },
};

let library;
function vega() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.querySelector("[data-vega]").dataset.vega;
    script.onload = () => resolve(window.vegaEmbed);
    script.onerror = () => reject(new Error("The chart library did not load"));
    document.head.append(script);
  });
  return library;
}

async function draw(holder) {
  const twin = holder.closest(".chart-block").querySelector(".twin");
  try {
    const embed = await vega();
    await embed(holder, JSON.parse(document.getElementById(holder.dataset.chart).textContent), options);
    holder.querySelector("svg").setAttribute("aria-hidden", "true"); // the holder has a name, the table the numbers
  } catch (error) {
    holder.remove();
    twin.open = true;
    throw error;
  }
}

function drawAll(within) {
  within.querySelectorAll("[data-chart]:not([data-drawn])").forEach((holder) => {
    holder.dataset.drawn = "";
    draw(holder);
  });
}

drawAll(document);
document.addEventListener("htmx:load", (event) => drawAll(event.target));
