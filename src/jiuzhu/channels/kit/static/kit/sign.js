// A signature drawn on the screen goes into the form's hidden field as a PNG; without script paper is uploaded.

const field = document.querySelector("input[name=drawn]");
const canvas = document.querySelector("canvas[data-signature]");

if (field && canvas && globalThis.SignaturePad) {
  const box = canvas.closest("[data-signature-box]");
  box.hidden = false;
  const pad = new globalThis.SignaturePad(canvas, { penColor: "#000", backgroundColor: "#fff" });
  // the picture keeps its size in dots whatever the screen; what was drawn survives a turn of the device
  const fit = () => {
    const drawn = pad.toData();
    const ratio = Math.max(globalThis.devicePixelRatio || 1, 1);
    canvas.width = canvas.offsetWidth * ratio;
    canvas.height = canvas.offsetHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.fromData(drawn);
  };
  fit();
  globalThis.addEventListener("resize", fit);
  pad.addEventListener("endStroke", () => {
    field.value = pad.toDataURL("image/png");
  });
  box.querySelector("button").addEventListener("click", () => {
    pad.clear();
    field.value = "";
  });
}
