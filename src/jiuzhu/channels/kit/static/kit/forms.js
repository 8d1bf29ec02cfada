// Forms: send once, lead to the first error, count the characters left. Without script every form still works.

const PAUSE_MS = 400;

function sendOnce(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    form.setAttribute("aria-busy", "true");
    // only after the browser has read the pressed button's name and value
    setTimeout(() => {
      for (const button of form.querySelectorAll("button[type=submit]")) {
        button.setAttribute("aria-disabled", "true");
      }
    }, 0);
  });
  // a page taken back from the browser's memory may be sent again
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      sent = false;
      form.removeAttribute("aria-busy");
      for (const button of form.querySelectorAll("[aria-disabled]")) {
        button.removeAttribute("aria-disabled");
      }
    }
  });
}

function leadToErrors(summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const input = link && document.getElementById(link.hash.slice(1));
    if (input) {
      event.preventDefault();
      const whole = input.closest(".field") ?? input;
      whole.scrollIntoView({ block: "start" });
      input.focus({ preventScroll: true });
    }
  });
}

function countCharacters(counter) {
  const input = document.getElementById(counter.dataset.counterFor);
  if (!input || input.maxLength < 0) {
    return;
  }
  let waiting = 0;
  const show = () => {
    const left = input.maxLength - input.value.length;
    counter.textContent = counter.dataset.text.replace("{n}", String(left));
    counter.hidden = false;
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, PAUSE_MS);
  });
  show();
}

function prepare(root) {
  root.querySelectorAll("form[data-once]").forEach(sendOnce);
  root.querySelectorAll("[data-counter-for]").forEach(countCharacters);
  const summary = root.querySelector("[data-error-summary]");
  if (summary) {
    leadToErrors(summary);
  }
}

prepare(document);
document.addEventListener("htmx:afterSwap", (event) => prepare(event.target));
