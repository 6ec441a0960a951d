// input data-shrink: photos are shown and made smaller before they travel; what the browser can't read travels as it is.
// In form[data-photos="address"] each travels at once, by itself, and again by itself where the network failed; the form then
// carries only its sealed name. Whatever has not arrived when the form is sent goes along with it, as without script.
const MOST = 6;
async function shrunk(file, figure) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return file;
  const drawn = (longest) => {
    const by = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = make("canvas", { width: picture.width * by, height: picture.height * by });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  };
  figure.prepend(drawn(480));
  if (file.size < 4e5 && /jpeg|png|webp/.test(file.type)) return file;
  const blob = await new Promise((done) => drawn(2048).toBlob(done, "image/jpeg", 0.85));
  if (!blob || (blob.size >= file.size && /jpeg|png|webp/.test(file.type))) return file;
  return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: blob.type });
}

// A brush on the small picture: what is drawn over is black in the file that travels, and nowhere is what was under it.
function brush(file, canvas, done) {
  const spots = [];
  const paint = (on, { x, y }) => {
    const c = on.getContext("2d");
    const size = on.width * 0.09;
    c.fillStyle = "#141c24";
    c.fillRect(x * on.width - size / 2, y * on.height - size / 2, size, size);
  };
  const spot = (event) => {
    if (!event.buttons && event.type !== "pointerdown") return;
    const box = canvas.getBoundingClientRect();
    const at = { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
    spots.push(at);
    paint(canvas, at);
  };
  canvas.classList.add("brushing");
  ["pointerdown", "pointermove"].forEach((kind) => canvas.addEventListener(kind, spot));
  return async () => {
    ["pointerdown", "pointermove"].forEach((kind) => canvas.removeEventListener(kind, spot));
    canvas.classList.remove("brushing");
    if (!spots.length) return;
    const picture = await createImageBitmap(file);
    const whole = make("canvas", { width: picture.width, height: picture.height });
    whole.getContext("2d").drawImage(picture, 0, 0);
    spots.forEach((at) => paint(whole, at));
    const blob = await new Promise((made) => whole.toBlob(made, "image/jpeg", 0.85));
    done(new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: blob.type }));
  };
}

function upload(to, token, file, progress) {
  return new Promise((done, failed) => {
    const body = new FormData();
    body.append("token", token);
    body.append("photos", file);
    const sending = new XMLHttpRequest();
    sending.open("POST", to);
    sending.timeout = 60000;
    sending.upload.onprogress = (e) => e.lengthComputable && progress(Math.round(e.loaded / e.total * 100));
    sending.onload = () => {
      const answer = tried(() => JSON.parse(sending.responseText));
      answer && sending.status < 500 ? done(answer) : failed();
    };
    sending.onerror = sending.ontimeout = sending.onabort = () => failed();
    sending.send(body);
  });
}

each("form", (form) => {
  const inputs = [...form.querySelectorAll("input[data-shrink]")];
  if (!inputs.length || !tried(() => new DataTransfer())) return;
  const words = inputs[0].closest(".field").dataset;
  const shown = make("div", { className: "shots" });
  inputs[0].closest(".field").append(shown);
  let items = [];
  let turn = Promise.resolve();
  // What still has to travel with the form lies in the first field; the others are emptied.
  const carry = () => {
    const all = new DataTransfer();
    items.filter((i) => i.file && !i.sealed).forEach((i) => all.items.add(i.file));
    inputs.forEach((input, n) => { input.files = n ? new DataTransfer().files : all.files; });
  };
  const say = (item, text) => { item.caption.textContent = text; };
  const button = (text, act) => {
    const b = make("button", { type: "button", className: "btn small plain", textContent: text });
    b.addEventListener("click", act);
    return b;
  };
  const drop = (item) => {
    items = items.filter((i) => i !== item);
    item.sealed?.remove();
    item.figure.remove();
    carry();
  };
  async function send(item) {
    if (!form.dataset.photos || item.sealed || !items.includes(item)) return;
    item.again?.remove();
    try {
      const answer = await upload(form.dataset.photos, form.elements.token.value, item.file, (part) => say(item, `${words.sending} ${part}%`));
      if (answer.sealed) {
        item.sealed = make("input", { type: "hidden", name: "kept", value: answer.sealed });
        form.append(item.sealed);
        say(item, words.sent);
      } else {
        // It will never do: said here, and left out, so that the report itself is not held up.
        item.file = null;
        say(item, answer.error);
        item.figure.classList.add("bad");
      }
    } catch {
      say(item, words.waiting);
      item.again = button(words.again, () => queue(item));
      item.again.dataset.again = "";
      item.figure.append(item.again);
    }
    carry();
  }
  const queue = (item) => {
    turn = turn.then(() => send(item));
    const mine = turn;
    busy.set(form, mine.finally(() => busy.get(form) === mine && busy.delete(form)));
    mine.finally(() => { if (turn === mine) busy.delete(form); });
  };
  addEventListener("online", () => items.filter((i) => i.file && !i.sealed && i.again).forEach(queue));
  inputs.forEach((input) => input.addEventListener("change", () => {
    const fresh = [...input.files].slice(0, MOST - items.length);
    const work = Promise.all(fresh.map(async (file) => {
      const figure = make("figure");
      const caption = make("figcaption", { className: "small" });
      const item = { file, figure, caption };
      figure.append(caption, button(words.drop, () => drop(item)));
      shown.append(figure);
      items.push(item);
      item.file = await shrunk(file, figure);
      const canvas = figure.querySelector("canvas");
      if (!canvas) return;
      let finish = null;
      const cover = button(words.cover, async () => {
        if (!finish) {
          finish = brush(item.file, canvas, (covered) => {
            item.file = covered;
            item.sealed?.remove();
            item.sealed = null;
            carry();
            queue(item);
          });
          cover.textContent = words.covered;
        } else {
          await finish();
          finish = null;
          cover.textContent = words.cover;
        }
      });
      figure.append(cover);
    })).then(() => { carry(); }).catch(() => {});
    busy.set(form, work);
    work.finally(() => { if (busy.get(form) === work) busy.delete(form); items.filter((i) => i.file && !i.sealed && !i.again).forEach(queue); });
  }));
});

// [data-brush]: a finger or a mouse drawn over the squares ticks them, or unticks where it began on a ticked one.
each("[data-brush]", (area) => {
  let cover = null;
  const over = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("td")?.querySelector("input");
  area.addEventListener("pointerdown", (event) => {
    const box = over(event);
    if (!box) return;
    event.preventDefault();
    cover = !box.checked;
    box.checked = cover;
  });
  area.addEventListener("pointermove", (event) => {
    const box = cover === null ? null : over(event);
    if (box && area.contains(box)) box.checked = cover;
  });
  addEventListener("pointerup", () => { cover = null; });
  // The tap itself has ticked already.
  area.addEventListener("click", (event) => { if (event.detail) event.preventDefault(); });
});
