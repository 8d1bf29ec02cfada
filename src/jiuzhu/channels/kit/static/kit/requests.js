// A partial request that fails must not fail silently: a prepared notice is shown, and read out.

const notice = document.getElementById("request-failed");

function tell() {
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
}

if (notice) {
  document.addEventListener("htmx:responseError", tell);
  document.addEventListener("htmx:sendError", tell);
  document.addEventListener("htmx:timeout", tell);
  document.addEventListener("htmx:beforeRequest", () => {
    notice.hidden = true;
  });
}
