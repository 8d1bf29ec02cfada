// Parts of a page that need script: dialogs, printing, the folding menu. What needs script is hidden without it.

function show(root) {
  root.querySelectorAll(".needs-script").forEach((element) => element.classList.add("scripted"));
}

function closeOnBackdrop(event) {
  const dialog = event.target;
  if (dialog instanceof HTMLDialogElement && dialog.open) {
    const box = dialog.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside && event.detail > 0) {
      dialog.close();
    }
  }
}

function foldMenu(button) {
  const menu = document.getElementById(button.dataset.menu);
  document.documentElement.classList.add("has-menu");
  button.addEventListener("click", () => {
    const open = menu.toggleAttribute("data-open");
    button.setAttribute("aria-expanded", String(open));
  });
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    document.getElementById(opener.dataset.opens)?.showModal();
    return;
  }
  const closer = event.target.closest("[data-closes]");
  if (closer) {
    closer.closest("dialog")?.close();
    return;
  }
  if (event.target.closest("[data-print]")) {
    print();
    return;
  }
  closeOnBackdrop(event);
});

document.addEventListener("htmx:afterSwap", (event) => show(event.target));
document.querySelectorAll("[data-menu]").forEach(foldMenu);
show(document);
