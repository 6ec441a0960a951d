// A signature drawn with a finger or a pen: a picture in a hidden field of the form. Nothing is kept anywhere else.
for (const field of document.querySelectorAll("[data-signature]")) {
  const pad = field.querySelector("canvas");
  const value = field.querySelector("input");
  const bar = field.querySelector(".acts");
  const pen = pad.getContext("2d");
  const blank = () => { pen.fillStyle = "#fff"; pen.fillRect(0, 0, pad.width, pad.height); value.value = ""; };
  const at = (e) => { const box = pad.getBoundingClientRect(); return [(e.clientX - box.left) * pad.width / box.width, (e.clientY - box.top) * pad.height / box.height]; };
  let drawing = false;
  pad.hidden = bar.hidden = false;
  blank();
  pad.addEventListener("pointerdown", (e) => {
    drawing = true;
    pad.setPointerCapture(e.pointerId);
    pen.lineWidth = 3; pen.lineCap = pen.lineJoin = "round"; pen.strokeStyle = "#111";
    pen.beginPath();
    pen.moveTo(...at(e));
  });
  pad.addEventListener("pointermove", (e) => { if (drawing) { pen.lineTo(...at(e)); pen.stroke(); } });
  for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => { if (drawing) { drawing = false; value.value = pad.toDataURL("image/png"); } });
  bar.querySelector("button").addEventListener("click", blank);
}
